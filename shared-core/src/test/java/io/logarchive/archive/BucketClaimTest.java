package io.logarchive.archive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BucketClaimTest {

  @Test
  void aBucketThatNobodyHoldsIsFreeForAll() {
    assertThat(BucketClaim.none("s3:aws:b").heldByAnother(1_000_001)).isFalse();
  }

  @Test
  void aBucketIsItsHoldersAlone() {
    BucketClaim claim = BucketClaim.none("s3:aws:b").with("logs", 1_000_001);
    assertThat(claim.version()).isEqualTo(1);
    assertThat(claim.heldByAnother(1_000_001)).isFalse();
    assertThat(claim.heldByAnother(1_000_002)).isTrue();
  }
}
