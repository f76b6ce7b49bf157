package io.logarchive.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service's front door on this machine: HTTP/1.1 on the loopback interface only. */
final class LocalHttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalHttpServer.class);

  /** Above the service's own limit of 10 MiB, so that the service gets to name that limit. */
  static final int BODY_LIMIT = 10 * 1024 * 1024 + 64 * 1024;

  private static final int UNLIMITED = 0;

  private final Server server;
  private final URI uri;

  private LocalHttpServer(Server server, URI uri) {
    this.server = server;
    this.uri = uri;
  }

  /**
   * Starts it.
   *
   * @param port 0 for any free one
   * @param requestIds gives each request its name
   * @throws IOException if the port is taken
   */
  static LocalHttpServer start(int port, Endpoint endpoint, Supplier<String> requestIds)
      throws IOException {
    Server server = new Server(new VirtualThreadPool(UNLIMITED));
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    // Whatever a path holds: the functions decode it, and say what is not found.
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    ServerConnector connector =
        new ServerConnector(server, new HttpConnectionFactory(configuration));
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    connector.setPort(port);
    server.addConnector(connector);
    server.setHandler(new Exchange(endpoint, requestIds));
    server.setErrorHandler(new Failures(requestIds));
    server.setStopTimeout(5_000);
    try {
      server.start();
    } catch (Exception e) {
      throw new IOException("Port " + port + " of " + connector.getHost() + " is not free", e);
    }
    return new LocalHttpServer(
        server, URI.create("http://" + connector.getHost() + ":" + connector.getLocalPort()));
  }

  URI uri() {
    return uri;
  }

  /** Lets requests under way finish for up to 5 seconds. */
  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("The HTTP server does not stop", e);
    }
  }

  private static void send(Reply reply, Response response, Callback callback) {
    response.setStatus(reply.status());
    reply
        .headers()
        .forEach((name, values) -> values.forEach(value -> response.getHeaders().add(name, value)));
    response.write(true, ByteBuffer.wrap(reply.body()), callback);
  }

  private static final class Exchange extends Handler.Abstract {
    private final Endpoint endpoint;
    private final Supplier<String> requestIds;

    Exchange(Endpoint endpoint, Supplier<String> requestIds) {
      this.endpoint = endpoint;
      this.requestIds = requestIds;
    }

    @Override
    public boolean handle(
        org.eclipse.jetty.server.Request wire, Response response, Callback callback)
        throws Exception {
      String id = requestIds.get();
      byte[] body = wire.getLength() > BODY_LIMIT ? null : readBody(wire);
      if (body == null) {
        // The rest of the body is still to come, and nobody reads it.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        String message = "The body is larger than " + BODY_LIMIT + " bytes: send it in parts";
        send(
            Reply.error(HttpStatus.PAYLOAD_TOO_LARGE_413, "BODY_TOO_LARGE", message, id),
            response,
            callback);
        return true;
      }
      Request request =
          new Request(
              wire.getMethod(),
              wire.getHttpURI().getPath(),
              wire.getHttpURI().getQuery(),
              headers(wire.getHeaders()),
              body,
              org.eclipse.jetty.server.Request.getRemoteAddr(wire),
              id);
      Reply reply;
      try {
        reply = endpoint.answer(request);
      } catch (RuntimeException e) {
        LOG.atError().addKeyValue("request", request).setCause(e).log("request failed");
        reply =
            Reply.error(
                HttpStatus.INTERNAL_SERVER_ERROR_500,
                "INTERNAL",
                "The request failed; the log of this process says why",
                id);
      }
      send(reply, response, callback);
      return true;
    }

    private static byte @Nullable [] readBody(org.eclipse.jetty.server.Request wire)
        throws IOException {
      // Not closed: that would read what is left.
      InputStream in = Content.Source.asInputStream(wire);
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      byte[] part = new byte[64 * 1024];
      for (int length = in.read(part); length >= 0; length = in.read(part)) {
        body.write(part, 0, length);
        if (body.size() > BODY_LIMIT) {
          return null;
        }
      }
      return body.toByteArray();
    }

    private static Map<String, List<String>> headers(HttpFields fields) {
      Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (HttpField field : fields) {
        headers
            .computeIfAbsent(field.getName(), name -> new ArrayList<>())
            .add(String.valueOf(field.getValue()));
      }
      return headers;
    }
  }

  /** Answers what never becomes a request of ours: broken HTTP, headers that are too long. */
  private static final class Failures extends ErrorHandler {
    private final Supplier<String> requestIds;

    Failures(Supplier<String> requestIds) {
      this.requestIds = requestIds;
    }

    @Override
    public boolean handle(
        org.eclipse.jetty.server.Request wire, Response response, Callback callback) {
      int status = response.getStatus();
      String reason = (String) wire.getAttribute(ERROR_MESSAGE);
      String known = reason == null ? HttpStatus.getMessage(status) : reason;
      String message =
          status == HttpStatus.BAD_REQUEST_400
              ? "This cannot be read as a request (" + known + "): correct its path or its headers"
              : known;
      String code = status < 500 ? "INVALID_REQUEST" : "INTERNAL";
      send(Reply.error(status, code, message, requestIds.get()), response, callback);
      return true;
    }
  }
}
