package io.logarchive.local;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Random;

/**
 * Made-up logs of a web shop's services over one day, line by line, each with its newline: what
 * visitors do, followed through the services that serve them, in the rhythm of a day. The same
 * arguments give the same bytes.
 */
public final class WebShopLogs implements Iterator<byte[]> {
  private static final Duration DAY = Duration.ofDays(1);

  /** How busy each hour is, from the first one on. */
  private static final int[] HOURS = {
    18, 12, 8, 6, 5, 7, 14, 28, 45, 60, 68, 72, 76, 74, 70, 68, 70, 76, 88, 100, 96, 78, 52, 30
  };

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final HexFormat HEX = HexFormat.of();

  private record Product(String sku, String name, String category, int cents) {}

  private static final List<Product> PRODUCTS =
      List.of(
          new Product("KIT-1041", "Kaffeemühle „Eiche“", "kitchen", 8990),
          new Product("KIT-1077", "Crème brûlée torch", "kitchen", 2495),
          new Product("KIT-1102", "抹茶 whisk, bamboo", "kitchen", 1290),
          new Product("KIT-1130", "Cast-iron pan 28 cm", "kitchen", 4450),
          new Product("KIT-1188", "Țuică glasses, set of 6", "kitchen", 1999),
          new Product("OUT-2003", "Trail backpack 24 l", "outdoor", 11900),
          new Product("OUT-2048", "Headlamp 400 lm \"Nordlys\"", "outdoor", 3990),
          new Product("OUT-2051", "Sleeping mat, 3/4 length", "outdoor", 5900),
          new Product("OUT-2107", "Fjäll wind jacket", "outdoor", 14950),
          new Product("TOY-3010", "Wooden railway, 42 pieces", "toys", 5495),
          new Product("TOY-3022", "Kite «Милан»", "toys", 2290),
          new Product("TOY-3064", "Marble run, glow-in-the-dark ✨", "toys", 3790),
          new Product("BOK-4001", "Atlas of Quiet Places", "books", 3400),
          new Product("BOK-4017", "Cien años de jardines", "books", 1850),
          new Product("BOK-4090", "Bread, Salt & Smoke", "books", 2900),
          new Product("DSK-5005", "Standing desk 140×70", "office", 42900),
          new Product("DSK-5031", "Desk lamp, warm dim", "office", 7490),
          new Product("DSK-5044", "Notebook A5, dotted", "office", 1190));

  private static final List<String> SEARCHES =
      List.of(
          "coffee grinder",
          "kaffeemühle",
          "backpack 24l",
          "head lamp",
          "抹茶",
          "standing desk",
          "desk",
          "kite",
          "wooden railway",
          "cast iron",
          "gift for dad",
          "jacke winddicht",
          "jardines",
          "marble run",
          "sleeping mat ultralight",
          "glow in the dark",
          "brulee",
          "lamp");
  private static final List<String> COUNTRIES =
      List.of("DE", "DE", "DE", "FR", "FR", "NL", "SE", "PL", "ES", "AT", "JP", "US");
  private static final List<String> CITIES =
      List.of("Köln", "München", "Lyon", "Saint-Étienne", "Malmö", "Łódź", "A Coruña", "Graz");
  private static final List<String> AGENTS =
      List.of(
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Mobile Safari/604.1",
          "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile",
          "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
          "WebShopApp/7.12.1 (Android 14; build 7121)");
  private static final List<String> BOTS =
      List.of(
          "Mozilla/5.0 (compatible; SearchSpider/2.1; +https://spider.example/bot)",
          "python-requests/2.32.3",
          "curl/8.9.1");
  private static final List<String> PROBES =
      List.of("/.env", "/wp-login.php", "/admin", "/.git/config", "/phpinfo.php", "/backup.zip");
  private static final List<String> JAVA_FRAMES =
      List.of(
          "com.webshop.payment.CardGateway.authorize(CardGateway.java:118)",
          "com.webshop.payment.PaymentService.pay(PaymentService.java:87)",
          "com.webshop.payment.PaymentController.post(PaymentController.java:44)",
          "com.webshop.http.Dispatcher.invoke(Dispatcher.java:203)",
          "com.webshop.http.Dispatcher.service(Dispatcher.java:160)",
          "com.webshop.pool.Lease.await(Lease.java:71)",
          "com.webshop.pool.ConnectionPool.take(ConnectionPool.java:139)",
          "java.base/java.net.http.HttpClientImpl.send(HttpClientImpl.java:611)",
          "java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1144)",
          "java.base/java.lang.Thread.run(Thread.java:1583)");

  private final Random random;
  private final Instant start;
  private final int count;
  private final Queue<byte[]> lines = new ArrayDeque<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
  private final JsonGenerator json;
  private int made;
  private int given;

  // What the visit under way has in common over all its lines.
  private long clock;
  private String trace = "";
  private String client = "";
  private String country = "";
  private String agent = "";
  private int user;

  /**
   * @param start the first moment of the day; all times are before {@code start} plus 24 hours
   * @param count how many logs
   */
  public WebShopLogs(long seed, Instant start, int count) {
    if (count < 0) {
      throw new IllegalArgumentException("There are 0 or more logs, not " + count);
    }
    this.random = new Random(seed);
    this.start = start;
    this.count = count;
    try {
      this.json =
          new JsonFactory().createGenerator(line).setPrettyPrinter(new MinimalPrettyPrinter(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean hasNext() {
    return given < count;
  }

  @Override
  public byte[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    while (lines.isEmpty()) {
      try {
        visit();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    given++;
    return lines.remove();
  }

  private void visit() throws IOException {
    clock = timeOfDay((made + random.nextDouble()) / count);
    trace = hex(16);
    country = oneOf(COUNTRIES);
    client = address();
    agent = oneOf(AGENTS);
    user = 100_000 + skewed(60_000);
    int kind = random.nextInt(100);
    if (kind < 34) {
      browse();
    } else if (kind < 54) {
      search();
    } else if (kind < 68) {
      putIntoCart();
    } else if (kind < 78) {
      order();
    } else if (kind < 88) {
      signIn();
    } else if (kind < 93) {
      probe();
    } else {
      syncStock();
    }
  }

  private void browse() throws IOException {
    Product product = product();
    boolean cached = random.nextInt(10) < 7;
    int rows = cached ? 0 : 1 + random.nextInt(40);
    begin("catalog", cached ? "debug" : "info", "product " + product.sku() + " rendered");
    json.writeObjectFieldStart("product");
    json.writeStringField("sku", product.sku());
    json.writeStringField("name", product.name());
    json.writeStringField("category", product.category());
    json.writeEndObject();
    json.writeObjectFieldStart("cache");
    json.writeBooleanField("hit", cached);
    json.writeStringField("region", "products");
    json.writeEndObject();
    if (!cached) {
      json.writeObjectFieldStart("db");
      json.writeStringField("statement", "select * from product where sku = ?");
      json.writeNumberField("rows", rows);
      json.writeNumberField("duration_ms", millis(9));
      json.writeEndObject();
    }
    end(millis(cached ? 3 : 18));
    access("GET", "/p/" + product.sku(), 200, 18_000 + random.nextInt(9_000), "catalog");
    for (int i = random.nextInt(3); i > 0; i--) {
      clock += random.nextInt(60);
      String path = "/static/img/" + product.sku().toLowerCase(Locale.ROOT) + "-" + i + ".webp";
      access("GET", path, random.nextInt(5) == 0 ? 304 : 200, random.nextInt(90_000), "cdn");
    }
  }

  private void search() throws IOException {
    String query = oneOf(SEARCHES);
    int hits = random.nextInt(12) == 0 ? 0 : 1 + skewed(400);
    boolean slow = random.nextInt(60) == 0;
    begin(
        "search",
        slow ? "warn" : "info",
        slow ? "slow query \"" + query + "\"" : "query \"" + query + "\" found " + hits);
    json.writeObjectFieldStart("search");
    json.writeStringField("query", query);
    json.writeNumberField("hits", hits);
    json.writeNumberField("page", 1 + skewed(5));
    json.writeArrayFieldStart("filters");
    for (int i = random.nextInt(3); i > 0; i--) {
      json.writeStartObject();
      json.writeStringField("field", i == 1 ? "category" : "price");
      json.writeStringField("value", i == 1 ? product().category() : "0-" + 50 * i);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("shards");
    json.writeNumberField("total", 6);
    json.writeNumberField("failed", slow ? 1 : 0);
    json.writeEndObject();
    json.writeEndObject();
    end(millis(slow ? 2_400 : 22));
    access("GET", "/search", 200, 9_000 + hits * 31, "search");
  }

  private void putIntoCart() throws IOException {
    List<Product> items = items();
    stock(items.getLast(), 1 + random.nextInt(3));
    cart("item added: " + items.getLast().name(), items);
    access("POST", "/cart/items", 201, 640 + 120 * items.size(), "cart");
  }

  private void order() throws IOException {
    List<Product> items = items();
    int cents = items.stream().mapToInt(Product::cents).sum();
    String order = "W" + (7_000_000 + made);
    session("session of user " + user + " is valid", "info");
    cart("checked out", items);
    for (Product item : items) {
      stock(item, 1);
    }
    int fate = random.nextInt(100);
    if (fate < 88) {
      payment(order, cents, "info", "captured");
    } else if (fate < 96) {
      payment(order, cents, "warn", "declined");
    } else {
      payment(order, cents, "error", "timeout");
    }
    begin(
        "checkout",
        fate < 96 ? "info" : "error",
        fate < 88 ? "order " + order + " placed" : "order " + order + " not placed");
    json.writeObjectFieldStart("order");
    json.writeStringField("id", order);
    json.writeNumberField("items", items.size());
    json.writeObjectFieldStart("total");
    json.writeNumberField("amount", cents / 100.0);
    json.writeStringField("currency", country.equals("SE") ? "SEK" : "EUR");
    json.writeEndObject();
    json.writeObjectFieldStart("shipping");
    json.writeStringField("method", random.nextInt(4) == 0 ? "express" : "standard");
    json.writeStringField("country", country);
    json.writeStringField("city", oneOf(CITIES));
    json.writeEndObject();
    if (random.nextInt(6) == 0) {
      json.writeStringField("coupon", "HERBST" + (5 + 5 * random.nextInt(4)));
    } else {
      json.writeNullField("coupon");
    }
    json.writeEndObject();
    end(millis(180));
    access("POST", "/checkout", fate < 88 ? 303 : fate < 96 ? 402 : 504, 380, "checkout");
    if (fate < 88) {
      clock += 400 + random.nextInt(4_000);
      mail(order);
    }
  }

  private void signIn() throws IOException {
    boolean refused = random.nextInt(7) == 0;
    if (refused) {
      session("wrong password for user " + user + ", attempt " + (1 + random.nextInt(3)), "warn");
    } else {
      session("user " + user + " signed in", "info");
    }
    access("POST", "/login", refused ? 401 : 200, 210, "auth");
  }

  private void probe() throws IOException {
    agent = oneOf(BOTS);
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      access("GET", oneOf(PROBES), random.nextInt(9) == 0 ? 403 : 404, 153, "none");
      clock += random.nextInt(700);
    }
  }

  private void syncStock() throws IOException {
    int changed = 1 + random.nextInt(8);
    begin("inventory", "info", "warehouse feed applied: " + changed + " changes");
    json.writeObjectFieldStart("feed");
    json.writeStringField("warehouse", "WH-" + (1 + random.nextInt(4)));
    json.writeNumberField("sequence", 400_000 + made / 7);
    json.writeArrayFieldStart("skus");
    for (int i = 0; i < changed; i++) {
      json.writeString(product().sku());
    }
    json.writeEndArray();
    json.writeEndObject();
    end(millis(75));
  }

  private void session(String message, String level) throws IOException {
    begin("auth", level, message);
    json.writeObjectFieldStart("user");
    json.writeNumberField("id", user);
    json.writeStringField("country", country);
    json.writeBooleanField("two_factor", user % 5 == 0);
    json.writeEndObject();
    json.writeStringField("client_ip", client);
    end(millis(31));
  }

  private void cart(String message, List<Product> items) throws IOException {
    begin("cart", "info", message);
    json.writeObjectFieldStart("cart");
    json.writeStringField("id", "c-" + user);
    json.writeArrayFieldStart("items");
    for (Product item : items) {
      json.writeStartObject();
      json.writeStringField("sku", item.sku());
      json.writeStringField("name", item.name());
      json.writeNumberField("quantity", 1);
      json.writeNumberField("price", item.cents() / 100.0);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    end(millis(12));
  }

  private void stock(Product product, int quantity) throws IOException {
    int left = skewed(180);
    boolean low = left < 5;
    begin(
        "inventory",
        low ? "warn" : "info",
        low
            ? "stock of " + product.sku() + " is low: " + left
            : "reserved " + quantity + " x " + product.sku());
    json.writeObjectFieldStart("stock");
    json.writeStringField("sku", product.sku());
    json.writeStringField("warehouse", "WH-" + (1 + random.nextInt(4)));
    json.writeNumberField("reserved", quantity);
    json.writeNumberField("left", left);
    json.writeEndObject();
    end(millis(7));
  }

  private void payment(String order, int cents, String level, String outcome) throws IOException {
    String provider = random.nextInt(3) == 0 ? "nordpay" : "cardway";
    begin("payment", level, "payment of order " + order + ": " + outcome + " by " + provider);
    json.writeObjectFieldStart("payment");
    json.writeStringField("order", order);
    json.writeStringField("provider", provider);
    json.writeStringField("method", random.nextInt(3) == 0 ? "invoice" : "card");
    json.writeNumberField("amount", cents / 100.0);
    json.writeStringField("outcome", outcome);
    json.writeNumberField("attempt", 1 + skewed(3));
    if (outcome.equals("declined")) {
      json.writeStringField(
          "reason", random.nextInt(3) == 0 ? "card_expired" : "insufficient_funds");
    }
    json.writeEndObject();
    if (outcome.equals("timeout")) {
      String provided = provider + ".example:443";
      json.writeObjectFieldStart("error");
      json.writeStringField("kind", "com.webshop.payment.GatewayTimeout");
      json.writeStringField("message", "no answer from " + provided + " after 8000 ms");
      json.writeStringField("stack", stack(provided));
      json.writeEndObject();
    }
    end(outcome.equals("timeout") ? 8_000 + random.nextInt(40) : millis(210));
  }

  private String stack(String peer) {
    StringBuilder stack =
        new StringBuilder("com.webshop.payment.GatewayTimeout: no answer from ").append(peer);
    int skipped = random.nextInt(4);
    for (String frame : JAVA_FRAMES.subList(skipped, JAVA_FRAMES.size())) {
      stack.append("\n\tat ").append(frame);
    }
    stack.append("\nCaused by: java.net.http.HttpTimeoutException: request timed out");
    for (String frame : JAVA_FRAMES.subList(7, JAVA_FRAMES.size())) {
      stack.append("\n\tat ").append(frame);
    }
    return stack.toString();
  }

  private void mail(String order) throws IOException {
    boolean deferred = random.nextInt(25) == 0;
    begin(
        "mailer",
        deferred ? "warn" : "info",
        deferred ? "order-confirmation deferred" : "order-confirmation sent");
    json.writeObjectFieldStart("mail");
    json.writeStringField("template", "order-confirmation");
    json.writeStringField("language", country.toLowerCase(Locale.ROOT));
    json.writeStringField("order", order);
    json.writeObjectFieldStart("smtp");
    json.writeNumberField("code", deferred ? 451 : 250);
    json.writeStringField(
        "reply", deferred ? "4.7.1 Greylisted, try again" : "2.0.0 Ok: queued as " + hex(5));
    json.writeEndObject();
    json.writeEndObject();
    end(millis(140));
  }

  private void access(String method, String path, int status, int bytes, String upstream)
      throws IOException {
    double duration = millis(24);
    String level = status >= 500 ? "error" : status >= 400 ? "warn" : "info";
    begin("edge", level, method + " " + path + " " + status);
    json.writeObjectFieldStart("http");
    json.writeStringField("method", method);
    json.writeStringField("path", path);
    json.writeNumberField("status", status);
    json.writeNumberField("bytes", bytes);
    json.writeStringField("user_agent", agent);
    json.writeEndObject();
    json.writeObjectFieldStart("client");
    json.writeStringField("ip", client);
    json.writeStringField("country", country);
    json.writeEndObject();
    json.writeStringField("upstream", upstream);
    end(duration);
  }

  private void begin(String service, String level, String message) throws IOException {
    json.writeStartObject();
    Instant time = start.plusMillis(Math.min(clock, DAY.toMillis() - 1));
    json.writeStringField("@timestamp", TIMESTAMP.format(time));
    json.writeStringField("type", service.equals("edge") ? "nginx-access" : service);
    json.writeStringField("service", service);
    json.writeStringField("host", service + "-" + (1 + random.nextInt(3)));
    json.writeStringField("level", level);
    json.writeStringField("message", message);
    json.writeStringField("trace_id", trace);
    json.writeStringField("span_id", hex(8));
  }

  private void end(double millis) throws IOException {
    json.writeNumberField("duration_ms", millis);
    json.writeEndObject();
    json.flush();
    line.write('\n');
    lines.add(line.toByteArray());
    line.reset();
    clock += 1 + (long) millis;
    made++;
  }

  /** The moment, in milliseconds from the start, before which this part of a day's logs comes. */
  private static long timeOfDay(double part) {
    int total = 0;
    for (int hour : HOURS) {
      total += hour;
    }
    double rest = part * total;
    int hour = 0;
    while (hour < HOURS.length - 1 && rest >= HOURS[hour]) {
      rest -= HOURS[hour];
      hour++;
    }
    return (long) ((hour + rest / HOURS[hour]) * Duration.ofHours(1).toMillis());
  }

  private List<Product> items() {
    List<Product> items = new ArrayList<>();
    for (int i = 1 + skewed(4); i > 0; i--) {
      items.add(product());
    }
    return items;
  }

  private Product product() {
    return PRODUCTS.get(skewed(PRODUCTS.size()));
  }

  private String address() {
    return random.nextInt(4) == 0
        ? "2001:db8:" + Integer.toHexString(random.nextInt(0x10000)) + "::" + skewed(99)
        : (random.nextBoolean() ? "203.0.113." : "198.51.100.") + random.nextInt(256);
  }

  private String oneOf(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** From 0 up to the bound, small numbers more often. */
  private int skewed(int bound) {
    double draw = random.nextDouble();
    return (int) (draw * draw * bound);
  }

  /** A duration around the usual one with a long tail, to a tenth of a millisecond. */
  private double millis(double usual) {
    double tail = StrictMath.exp(0.6 * random.nextGaussian());
    return StrictMath.rint(10 * usual * tail) / 10;
  }

  private String hex(int bytes) {
    byte[] id = new byte[bytes];
    random.nextBytes(id);
    return HEX.formatHex(id);
  }
}
