package io.logarchive.local;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the local run. */
@Command(
    name = "logarchive",
    description = "Log Archive on this machine, to try it; and tools for any deployment.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = LogArchive.Version.class,
    subcommands = {Demo.class, Up.class, Check.class, NewToken.class})
public final class LogArchive implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Ends the process: with 0, 1 for a failure, 2 for a wrong command line. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new LogArchive())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (exception, command, arguments) -> {
              if (!(exception instanceof IOException)) {
                throw exception;
              }
              command.getErr().println("logarchive: " + exception.getMessage());
              return command.getCommandSpec().exitCodeOnExecutionException();
            });
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = LogArchive.class.getPackage().getImplementationVersion();
      return new String[] {"Log Archive " + (version == null ? "of these sources" : version)};
    }
  }
}
