package io.logarchive.archive;

/**
 * Signs as this deployment: only it can make the signature, and it can tell its own from any other.
 */
public interface DeploymentSignature {

  /**
   * 32 bytes, the same for the same message at all times, that nobody without the deployment's key
   * can tell beforehand.
   */
  byte[] sign(byte[] message);
}
