package io.logarchive.infra.aws;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** The jar that makes a function tell what it asks of AWS; the SDK looks for the file in it. */
final class RecorderJar {
  private static final String INTERCEPTORS =
      "software/amazon/awssdk/global/handlers/execution.interceptors";

  private RecorderJar() {}

  /** Copies a package of functions, with that jar beside the others. */
  static void copyWithRecorder(Path functions, Path target) throws IOException {
    Files.createDirectories(target.resolveSibling(""));
    try (ZipInputStream from = new ZipInputStream(Files.newInputStream(functions));
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(target))) {
      for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
        to.putNextEntry(new ZipEntry(entry.getName()));
        from.transferTo(to);
      }
      to.putNextEntry(new ZipEntry("lib/operation-recorder.jar"));
      to.write(jar());
    }
  }

  private static byte[] jar() throws IOException {
    String name = OperationRecorder.class.getName();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream jar = new ZipOutputStream(bytes);
        InputStream code =
            OperationRecorder.class.getResourceAsStream(
                OperationRecorder.class.getSimpleName() + ".class")) {
      if (code == null) {
        throw new IllegalStateException(name + " has no class file");
      }
      jar.putNextEntry(new ZipEntry(name.replace('.', '/') + ".class"));
      code.transferTo(jar);
      jar.putNextEntry(new ZipEntry(INTERCEPTORS));
      jar.write((name + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
