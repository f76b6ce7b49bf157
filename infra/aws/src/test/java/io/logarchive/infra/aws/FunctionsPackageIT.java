package io.logarchive.infra.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.azurite.TokenEndpoint;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionsPackageIT {
  private static final long MOST_BYTES = 18_500_000;

  /** What a deployment on Azure calls for itself, and so no function here. */
  private static final Pattern OF_AZURE =
      Pattern.compile("com\\.azure\\.(data\\.tables|security\\.keyvault)\\..*");

  /** The adapters to it, none of which opens a customer's container. */
  private static final Pattern TO_AZURE =
      Pattern.compile(
          "io\\.logarchive\\.azure\\.(AzureClients|AzureTable|Table\\w+|Vault\\w+|KeyVault\\w+)(\\$.*)?");

  private final FunctionsPackage functions = FunctionsPackage.ofThisBuild();
  private final Path folder;

  FunctionsPackageIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void everyClassThatOursNameIsInThePackageOrInTheJdk() throws Exception {
    List<Path> classPath = functions.unpack(folder);
    JavaClasses ours = ours(classPath);
    assertThat(ours)
        .extracting(JavaClass::getSimpleName)
        .contains("IngestHandler", "RestoreSliceHandler", "StartRestore", "DynamoDbTable");

    Set<String> missing = new TreeSet<>();
    Set<String> inNeed = new TreeSet<>();
    try (URLClassLoader loader =
        new URLClassLoader(urls(classPath), ClassLoader.getPlatformClassLoader())) {
      for (JavaClass type : ours) {
        Class.forName(type.getName(), false, loader);
        type.getDirectDependenciesFromSelf().stream()
            .map(dependency -> dependency.getTargetClass().getBaseComponentType().getName())
            .filter(name -> !isThere(name, loader))
            .forEach(
                name -> {
                  if (OF_AZURE.matcher(name).matches()) {
                    inNeed.add(type.getName());
                  } else {
                    missing.add(name);
                  }
                });
      }
    }
    // Annotations for the compiler: a JVM reads past those it does not find.
    assertThat(missing).allMatch(name -> name.startsWith("org.jspecify.annotations."));
    assertThat(inNeed).isNotEmpty().allMatch(name -> TO_AZURE.matcher(name).matches());
  }

  /** What comes into the package is looked at, or this list does not know it. */
  @Test
  void itHoldsTheseLibrariesAndNoOther() throws Exception {
    Set<String> libraries = new TreeSet<>();
    try (ZipFile zip = new ZipFile(functions.zip().toFile())) {
      zip.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith("lib/") && name.endsWith(".jar"))
          .map(
              name ->
                  name.replaceFirst("^lib/", "").replaceFirst("-[0-9][^-]*([.-].*)?\\.jar$", ""))
          .forEach(libraries::add);
    }

    assertThat(libraries)
        .isEqualTo(
            new TreeSet<>(
                Files.readAllLines(Path.of("src", "test", "resources", "libraries.txt"))));
  }

  @Test
  void customersContainersAreOpenedWithNothingElse(@TempDir Path keys) throws Exception {
    LoopbackTls tls = LoopbackTls.make(keys);
    try (TokenEndpoint entra =
            TokenEndpoint.start(
                tls,
                (tenant, client, secret) -> new TokenEndpoint.Answer.Token(Duration.ofHours(1)),
                InstantSource.system());
        StubContainer container = new StubContainer(tls)) {
      assertThat(
              packagedContainer(keys, entra.authority(), container.endpoint())
                  .lines()
                  .filter(line -> line.startsWith("RESULT ")))
          .containsExactly(
              "RESULT listed [ObjectInfo[key=key, size=8, storageClass=Cool, readable=true]]",
              "RESULT written true",
              "RESULT read archived",
              "RESULT NotFound GetBlob: BlobNotFound (request BLOB-1)");
      assertThat(container.written()).containsExactly("/logs4you/log-archive/new text");
    }
  }

  @Test
  void anEntraThatCannotBeReachedIsToldWithNothingElse(@TempDir Path keys) throws Exception {
    LoopbackTls.make(keys);
    URI nowhere = URI.create("https://127.0.0.1:1/");
    assertThat(packagedContainer(keys, nowhere, nowhere))
        .contains("RESULT Unavailable GetToken: Unreachable");
  }

  /** What such a process says, which trusts the certificate among the keys. */
  private String packagedContainer(Path keys, URI entra, URI blobs) throws Exception {
    List<String> classPath =
        new ArrayList<>(functions.unpack(folder).stream().map(Path::toString).toList());
    classPath.add(Path.of("target", "test-classes").toAbsolutePath().toString());
    Path output = Files.createTempFile(folder, "output", ".txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djavax.net.ssl.trustStore=" + keys.resolve("loopback.pfx"),
                "-Djavax.net.ssl.trustStoreType=PKCS12",
                "-Djavax.net.ssl.trustStorePassword=loopback",
                "-cp",
                String.join(File.pathSeparator, classPath),
                PackagedContainer.class.getName(),
                entra.toString(),
                blobs.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    String said = Files.readString(output);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  @Test
  void everyHandlerCanBeLoadedAndIsOne() throws Exception {
    List<Path> classPath = functions.unpack(folder);
    Set<String> handlers = new TreeSet<>();
    try (URLClassLoader loader =
        new URLClassLoader(urls(classPath), ClassLoader.getPlatformClassLoader())) {
      for (JavaClass type : ours(classPath)) {
        if (type.getName().matches("io\\.logarchive\\.functions\\.aws\\.\\w+Handler")) {
          Class<?> handler = Class.forName(type.getName(), false, loader);
          assertThat(handler.getConstructors()).as(type.getName()).isNotEmpty();
          assertThat(interfaces(handler))
              .as(type.getName())
              .containsAnyOf(
                  RequestHandler.class.getName(),
                  RequestHandler.class.getPackageName() + ".RequestStreamHandler");
          handlers.add(type.getSimpleName());
        }
      }
    }
    assertThat(handlers).hasSizeGreaterThan(13);
  }

  @Test
  void itHoldsNoMoreThanItNeeds() throws IOException {
    assertThat(functions.names())
        .filteredOn(name -> name.matches(".*\\.(so|dylib|dll|jnilib)"))
        .extracting(name -> name.replaceAll("libzstd-jni-.*", ""))
        .containsExactlyInAnyOrder("linux/aarch64/", "linux/amd64/");
    assertThat(functions.names())
        .filteredOn(
            name ->
                name.matches(
                    "lib/.*(netty|apache|crt-client|junit|testkit|dynamodb-local|data-tables|keyvault).*"))
        .isEmpty();
    assertThat(Files.size(functions.zip())).isLessThan(MOST_BYTES);
  }

  private static JavaClasses ours(List<Path> classPath) throws IOException {
    List<JarFile> jars = new ArrayList<>();
    try {
      for (Path path : classPath) {
        if (path.toString().matches(".*/(shared-core|adapters-\\w+|functions-\\w+)-[^/]*\\.jar")) {
          jars.add(new JarFile(path.toFile()));
        }
      }
      return new ClassFileImporter().importJars(jars);
    } finally {
      for (JarFile jar : jars) {
        jar.close();
      }
    }
  }

  private static boolean isThere(String name, ClassLoader loader) {
    if (!name.contains(".")) {
      return true; // a primitive type
    }
    try {
      Class.forName(name, false, loader);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static Set<String> interfaces(Class<?> type) {
    Set<String> names = new TreeSet<>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      for (Class<?> one : each.getInterfaces()) {
        names.add(one.getName());
      }
    }
    return names;
  }

  private static URL[] urls(List<Path> classPath) throws MalformedURLException {
    URL[] urls = new URL[classPath.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = classPath.get(i).toUri().toURL();
    }
    return urls;
  }
}
