package io.logarchive.account;

/** The account in whose name a request acts, proven by a token. */
public record Caller(int accountId) {}
