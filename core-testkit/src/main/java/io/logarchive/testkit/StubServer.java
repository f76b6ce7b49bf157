package io.logarchive.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Answers HTTP requests on a loopback port as a test tells it, also wrongly: half a reply, or none.
 * Takes one request on each connection.
 */
public final class StubServer implements AutoCloseable {

  /**
   * A request as it came.
   *
   * @param target path and query
   * @param headers by their names in lower case
   */
  public record Request(String method, String target, Map<String, String> headers, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** What is done with a request. */
  public sealed interface Reply {

    /** A reply as it should be; its length is added to the headers. */
    record Whole(int status, Map<String, String> headers, byte[] body) implements Reply {
      public Whole {
        headers = Map.copyOf(headers);
      }

      public static Whole of(int status, String body) {
        return new Whole(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
      }

      public Whole with(String header, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new Whole(status, more, body);
      }

      /** How many bytes it has, with status line and headers. */
      public int length() {
        return bytes().length;
      }

      byte[] bytes() {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        head.append("Content-Length: " + body.length + "\r\nConnection: close\r\n\r\n");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
        all.writeBytes(body);
        return all.toByteArray();
      }
    }

    /** The first bytes of a reply, then the end of the connection. */
    record CutOff(Whole whole, int bytesSent) implements Reply {}

    /** Nothing, until the client gives up. */
    record Silence() implements Reply {}
  }

  /** What the server does with a body that the client announces first. */
  public enum AnnouncedBody {
    /** Asks for it, reads it, then answers. */
    READ,
    /** Answers at once: the client must not send it. */
    REFUSED
  }

  private static final Socket TAKEN = takePort();

  private final ServerSocket socket;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Function<Request, Reply> service;
  private final AnnouncedBody announcedBody;
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  public StubServer(Function<Request, Reply> service) {
    this(service, AnnouncedBody.READ);
  }

  public StubServer(Function<Request, Reply> service, AnnouncedBody announcedBody) {
    this.service = service;
    this.announcedBody = announcedBody;
    try {
      this.socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** An address at which nobody listens, nor will while this process runs. */
  public static URI nowhere() {
    return URI.create("http://127.0.0.1:" + TAKEN.getLocalPort());
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  /** All requests so far, in order. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }

  /** A port that is taken but not listened at refuses connections. */
  private static Socket takePort() {
    try {
      Socket taken = new Socket();
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return taken;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (true) {
      try {
        Socket connection = socket.accept();
        threads.execute(() -> serve(connection));
      } catch (IOException e) {
        // The one way out: the socket was closed.
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      Request request = read(in, connection.getOutputStream());
      requests.add(request);
      switch (service.apply(request)) {
        case Reply.Whole whole -> connection.getOutputStream().write(whole.bytes());
        case Reply.CutOff cut ->
            connection.getOutputStream().write(cut.whole().bytes(), 0, cut.bytesSent());
        case Reply.Silence silence -> in.transferTo(OutputStream.nullOutputStream());
      }
    } catch (IOException e) {
      // The client went away, as one does that gave up: what it makes of that, the test sees there.
    }
  }

  private Request read(InputStream in, OutputStream out) throws IOException {
    String[] first = line(in).split(" ", 3);
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    if (headers.containsKey("expect")) {
      if (announcedBody == AnnouncedBody.REFUSED) {
        return new Request(first[0], first[1], Map.copyOf(headers), new byte[0]);
      }
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    byte[] body =
        headers.containsKey("transfer-encoding")
            ? chunked(in)
            : in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return new Request(first[0], first[1], Map.copyOf(headers), body);
  }

  private static byte[] chunked(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int size;
    do {
      size = Integer.parseInt(line(in), 16);
      body.writeBytes(in.readNBytes(size));
      line(in);
    } while (size > 0);
    return body.toByteArray();
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("The client ended in the middle of a request");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
