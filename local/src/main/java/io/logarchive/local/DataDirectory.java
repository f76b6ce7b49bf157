package io.logarchive.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder with everything a local run keeps. Belongs to one process at a time; the system takes
 * the lock back from a process that was killed.
 */
final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Makes the folder if it is not there. It stays the one cloud's: what the functions of one know
   * of accounts and restores, those of the other do not.
   */
  static DataDirectory open(Path path, Cloud cloud) throws IOException {
    Path absolute =
        Files.createDirectories(path.toAbsolutePath(), OwnerOnlyFile.DIRECTORY).toRealPath();
    FileChannel lockFile =
        FileChannel.open(
            absolute.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(lockFile) == null) {
      lockFile.close();
      throw new IOException("Another run uses " + absolute + ": stop it, or name another folder");
    }
    String holds = holds(absolute, cloud);
    if (!holds.equals(name(cloud))) {
      lockFile.close();
      throw new IOException(
          absolute + " holds a run with --cloud " + holds + ": name another folder with --data");
    }
    return new DataDirectory(absolute, lockFile);
  }

  private static String holds(Path directory, Cloud wanted) throws IOException {
    return OwnerOnlyFile.kept(directory.resolve("cloud"), name(made(directory).orElse(wanted)));
  }

  /** By what runs left before a folder named its cloud: those on Azure had a DynamoDB, too. */
  private static Optional<Cloud> made(Path directory) {
    if (Files.exists(directory.resolve(EmbeddedAzure.REGISTRATION_FILE))) {
      return Optional.of(Cloud.AZURE);
    }
    return Files.exists(directory.resolve(Engines.DYNAMODB_FOLDER))
        ? Optional.of(Cloud.AWS)
        : Optional.empty();
  }

  private static String name(Cloud cloud) {
    return cloud.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
