package io.logarchive.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketClaimTest {
  private static final int HOLDER = 1_000_001;
  private static final int ANOTHER = 1_000_002;

  @Test
  void aBucketThatNobodyHoldsIsFreeForAll() {
    assertThat(BucketClaim.none("s3:aws:b").clashes(HOLDER, "", false)).isFalse();
  }

  @Test
  void aBucketIsItsHoldersAlone() {
    BucketClaim claim = BucketClaim.none("s3:aws:b").with("logs", HOLDER);
    assertThat(claim.version()).isEqualTo(1);
    assertThat(claim.clashes(HOLDER, "other", false)).isFalse();
    assertThat(claim.clashes(HOLDER, "logs/more", true)).isFalse();
    assertThat(claim.clashes(ANOTHER, "other", false)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "x, x, true",
    "x, x/y, true",
    "x/y, x, true",
    "x/y/z, x/y, true",
    "x, xy, false",
    "xy, x, false",
    "x/y, x/z, false",
    "x/y, y, false",
    "x/y, x/yz, false",
    "'', x, true",
    "x, '', true",
    "'', '', true",
  })
  void whereBucketsAreSharedPrefixesClashBySegments(String held, String asked, boolean clashes) {
    BucketClaim claim = BucketClaim.none("s3:aws:b").with(held, HOLDER);
    assertThat(claim.clashes(ANOTHER, asked, true)).isEqualTo(clashes);
  }

  @Test
  void aReleasedBucketIsFreeAndItsVersionsGoOn() {
    BucketClaim claim =
        BucketClaim.none("s3:aws:b").with("a", HOLDER).with("b", HOLDER).without(HOLDER);
    assertThat(claim).isEqualTo(new BucketClaim("s3:aws:b", Map.of(), 3));
    assertThat(claim.clashes(ANOTHER, "", false)).isFalse();
  }
}
