package io.logarchive.functions.aws;

/** Makes each of the named handlers as Lambda does. */
final class MakeHandlers {
  private MakeHandlers() {}

  public static void main(String[] handlers) throws ReflectiveOperationException {
    for (String handler : handlers) {
      Object made = Class.forName(handler).getConstructor().newInstance();
      System.out.println("made " + made.getClass().getSimpleName());
    }
  }
}
