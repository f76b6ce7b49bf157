package io.logarchive.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
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

  @Test
  void aReleasedBucketIsFreeAndItsVersionsGoOn() {
    BucketClaim claim =
        BucketClaim.none("s3:aws:b").with("a", 1_000_001).with("b", 1_000_001).without(1_000_001);
    assertThat(claim).isEqualTo(new BucketClaim("s3:aws:b", Map.of(), 3));
    assertThat(claim.heldByAnother(1_000_002)).isFalse();
  }
}
