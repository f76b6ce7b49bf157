package io.logarchive.local;

import io.logarchive.account.Ids;
import io.logarchive.account.Token;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes up the token of a deployment's administrator. */
@Command(
    name = "token",
    description = {
      "Makes an administrator's token for a deployment, and prints it with its SHA-256.",
      "",
      "The deployment gets the SHA-256 only, and nothing is stored here: keep the token."
    },
    mixinStandardHelpOptions = true)
final class NewToken implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Token token = new Ids(LocalWiring.ofThisMachine().random()).token(Token.Kind.ADMIN);
    PrintWriter out = spec.commandLine().getOut();
    out.println("The administrator's token, shown this once:");
    out.println("  " + token.value());
    out.println("Its SHA-256, for the deployment (AdminTokenSha256):");
    out.println("  " + token.hash());
    out.flush();
    return 0;
  }
}
