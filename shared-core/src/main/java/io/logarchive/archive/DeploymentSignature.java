package io.logarchive.archive;

/**
 * Signs as this deployment: only it can make the signature, and it can tell its own from any other.
 */
public interface DeploymentSignature {

  /**
   * HMAC-SHA-256 over the message with the deployment's key; the same message gives the same 32
   * bytes.
   */
  byte[] sign(byte[] message);
}
