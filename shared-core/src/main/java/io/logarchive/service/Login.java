package io.logarchive.service;

import io.logarchive.account.Secret;

/** A name and what proves it. */
public record Login(String name, Secret secret) {}
