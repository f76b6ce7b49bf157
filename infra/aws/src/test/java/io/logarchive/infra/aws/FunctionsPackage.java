package io.logarchive.infra.aws;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The package of the Lambda functions, as the build made it. */
record FunctionsPackage(Path zip) {

  static FunctionsPackage ofThisBuild() {
    Path zip = Path.of(System.getProperty("functions.package")).normalize();
    if (!Files.exists(zip)) {
      throw new IllegalStateException(zip + " is missing: mvn package makes it");
    }
    return new FunctionsPackage(zip);
  }

  /** The files in it. */
  List<String> names() throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      return file.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
    }
  }

  /**
   * Unpacks it as Lambda does.
   *
   * @return the class path: the folder, then its jars
   */
  List<Path> unpack(Path folder) throws IOException {
    List<Path> classPath = new ArrayList<>();
    classPath.add(folder);
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (ZipEntry entry :
          (Iterable<ZipEntry>) () -> file.stream().map(ZipEntry.class::cast).iterator()) {
        Path target = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.resolveSibling(""));
        try (InputStream in = file.getInputStream(entry)) {
          Files.copy(in, target);
        }
        if (entry.getName().matches("lib/[^/]+\\.jar")) {
          classPath.add(target);
        }
      }
    }
    return classPath;
  }
}
