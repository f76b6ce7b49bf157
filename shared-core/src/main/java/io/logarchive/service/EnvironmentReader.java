package io.logarchive.service;

import io.logarchive.account.Secret;
import io.logarchive.archive.AwsIdentity;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.DeploymentKey;
import io.logarchive.archive.S3Location;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads values by their keys. What is wrong with any of them is collected, and something unusable
 * given in its place.
 */
public final class EnvironmentReader {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{43}=");
  private static final Pattern URL =
      Pattern.compile("https?://[A-Za-z0-9.\\[\\]:-]+(/[A-Za-z0-9._/-]*)?");

  /** How a setting on Azure begins that names a secret in place of holding it. */
  private static final String REFERENCE = "@Microsoft.KeyVault(";

  private static final URI NOWHERE = URI.create("none:none");

  private final Map<String, String> environment;
  private final Set<String> problems = new LinkedHashSet<>();

  public EnvironmentReader(Map<String, String> environment) {
    this.environment = environment;
  }

  public void problem(String problem) {
    problems.add(problem);
  }

  public void refuseProblems() {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "The environment is not as docs/configuration.md says: " + String.join("; ", problems));
    }
  }

  /** A value, if it is set. The host gives a secret that it cannot read by its reference. */
  public Optional<String> optional(String key) {
    Optional<String> value =
        Optional.ofNullable(environment.get(key)).filter(text -> !text.isBlank());
    if (value.isPresent() && value.get().startsWith(REFERENCE)) {
      problem(key + " is a reference to Key Vault that the host could not resolve");
    }
    return value;
  }

  public String required(String key) {
    return required(key, "", value -> value);
  }

  /** What names something also where only plain characters may, as in metrics. */
  public String name(String key) {
    return required(
        key,
        "",
        value -> {
          check(
              NAME.matcher(value).matches(),
              "must be at most 100 letters, digits and . _ - : / with a letter or digit first");
          return value;
        });
  }

  public String bucket(String key) {
    return required(key, "none", value -> new S3Location(value, "").bucket());
  }

  public String container(String key) {
    return required(
        key,
        "none",
        value -> {
          check(BlobLocation.isContainerName(value), "must be the name of a container");
          return value;
        });
  }

  public String sha256(String key) {
    return required(
        key,
        "",
        value -> {
          check(SHA256.matcher(value).matches(), "must be 64 lower-case hex digits");
          return value;
        });
  }

  public URI requiredUrl(String key) {
    return required(key, NOWHERE, EnvironmentReader::parseUrl);
  }

  public @Nullable URI url(String key, @Nullable URI otherwise) {
    URI url = parsed(key, EnvironmentReader::parseUrl).orElse(null);
    return url == null ? otherwise : url;
  }

  /** The key in the named file, in base64; empty if none is named. */
  public Secret keyFile(String key) {
    return parsed(key, EnvironmentReader::readKey).orElse(new Secret(""));
  }

  /**
   * The ARN of something of a service; empty if not set.
   *
   * @param resource how its part behind the account begins
   */
  public String arn(String key, String service, String resource) {
    String form = "arn:[a-z-]+:" + service + ":[a-z0-9-]+:\\d{12}:" + resource + "[!-~]+";
    String rule = "must be an ARN, as in arn:aws:" + service + ":REGION:ACCOUNT:" + resource + "ID";
    return parsed(
            key,
            value -> {
              check(value.matches(form), rule);
              return value;
            })
        .orElse("");
  }

  /** Who the deployment is on AWS, by the ARN of its role there. */
  public @Nullable AwsIdentity role(String key) {
    return parsed(key, AwsIdentity::ofRole).orElse(null);
  }

  /** Whether these are set, of which each needs the others. */
  public boolean allOrNone(String... keys) {
    long set = Arrays.stream(keys).filter(key -> optional(key).isPresent()).count();
    if (set != 0 && set != keys.length) {
      problem(String.join(" and ", keys) + " go together, but one of them is missing");
    }
    return set > 0;
  }

  /** Both or neither. */
  public @Nullable Login login(String nameKey, String secretKey) {
    return allOrNone(nameKey, secretKey)
        ? new Login(optional(nameKey).orElse(""), new Secret(optional(secretKey).orElse("")))
        : null;
  }

  public boolean flag(String key) {
    return parsed(
            key,
            value -> {
              check(value.equals("true") || value.equals("false"), "must be true or false");
              return value.equals("true");
            })
        .orElse(false);
  }

  public int whole(String key, int otherwise, int least, int most) {
    String rule = "must be a whole number from " + least + " to " + most;
    return parsed(
            key,
            value -> {
              check(value.matches("\\d{1,10}"), rule);
              long number = Long.parseLong(value);
              check(number >= least && number <= most, rule);
              return (int) number;
            })
        .orElse(otherwise);
  }

  /** A number of GB, in bytes. */
  public long gigabytes(String key, long otherwiseBytes) {
    return parsed(
            key,
            value -> {
              String rule = "must be a number of GB above 0, as in 100 or 0.5";
              check(value.matches("\\d{1,7}(\\.\\d{1,9})?"), rule);
              long bytes = new BigDecimal(value).movePointRight(9).longValueExact();
              check(bytes > 0, rule);
              return bytes;
            })
        .orElse(otherwiseBytes);
  }

  private <T> T required(String key, T unusable, Function<String, T> parser) {
    if (optional(key).isEmpty()) {
      problem(key + " is missing");
    }
    return parsed(key, parser).orElse(unusable);
  }

  private <T> Optional<T> parsed(String key, Function<String, T> parser) {
    try {
      return optional(key).map(parser);
    } catch (IllegalArgumentException e) {
      problem(key + " " + e.getMessage());
      return Optional.empty();
    }
  }

  private static URI parseUrl(String value) {
    String rule = "must be the address of a service, as in https://host:port";
    check(URL.matcher(value).matches(), rule);
    URI url = URI.create(value);
    check(url.getHost() != null, rule);
    return url;
  }

  private static Secret readKey(String file) {
    String rule = "must name a file of " + DeploymentKey.KEY_BYTES + " bytes in base64";
    String text;
    try {
      text = Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(rule + ", but reading " + file + " failed: " + e, e);
    }
    check(KEY.matcher(text).matches(), rule);
    return new Secret(text);
  }

  private static void check(boolean ok, String rule) {
    if (!ok) {
      throw new IllegalArgumentException(rule);
    }
  }
}
