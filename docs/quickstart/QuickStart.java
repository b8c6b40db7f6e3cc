// Java 17 or newer; nothing to install.
// TRADYN_API_KEY=tk_live_… java QuickStart.java
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

public class QuickStart {
    static final String BASE_URL =
        Optional.ofNullable(System.getenv("TRADYN_BASE_URL")).orElse("http://127.0.0.1:8080/v1");
    static final HttpClient HTTP = HttpClient.newHttpClient();

    public static void main(String[] args) throws Exception {
        var account = call("GET", "/api/account", null);
        System.out.printf("Account %s: balance %s %s, equity %s%n",
            field(account, "login"), field(account, "balance"), field(account, "currency"), field(account, "equity"));

        var positions = call("GET", "/api/positions", null);
        for (var position : Pattern.compile("\\{[^{}]*\"symbol\"[^{}]*}").matcher(positions).results().toList()) {
            System.out.printf("Open: %s %s %s, profit %s%n",
                field(position.group(), "type"), field(position.group(), "volume"),
                field(position.group(), "symbol"), field(position.group(), "profit"));
        }

        // Stops one percent away; the server rounds them to the symbol's digits.
        // Sent again after a lost answer, the client_order_id still buys only once.
        var quote = call("GET", "/api/quotes/EURUSD", null);
        var bid = new BigDecimal(field(quote, "bid"));
        var ask = new BigDecimal(field(quote, "ask"));
        var bought = call("POST", "/api/trade", """
            {"symbol": "EURUSD", "action": "buy", "volume": 0.1, "sl": %s, "tp": %s, "client_order_id": "%s"}
            """.formatted(
                bid.multiply(new BigDecimal("0.99")), ask.multiply(new BigDecimal("1.01")), UUID.randomUUID()));
        System.out.printf("Bought %s %s at %s, ticket %s%n",
            field(bought, "volume"), field(bought, "symbol"), field(bought, "price"), field(bought, "ticket"));

        var path = "/api/positions/" + field(bought, "ticket");
        var moved = call("PATCH", path, """
            {"sl": %s}
            """.formatted(bid.multiply(new BigDecimal("0.995"))));
        System.out.printf("Moved the stop loss to %s; the take profit stays at %s%n",
            field(moved, "sl"), field(moved, "tp"));

        var closed = call("DELETE", path, null);
        System.out.printf("Closed at %s, profit %s %s%n",
            field(closed, "price"), field(closed, "profit"), field(account, "currency"));
    }

    /** Sends a request, with a body unless it is null; ends the program if the answer is not a success. */
    static String call(String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(BASE_URL + path))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + System.getenv("TRADYN_API_KEY"));
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body));
        }
        var answer = HTTP.send(request.build(), BodyHandlers.ofString()).body();
        if (!field(answer, "success").equals("true")) {
            System.err.printf("%s (%s)%n", field(answer, "error"), field(answer, "code"));
            System.exit(1);
        }
        return answer;
    }

    /** The first value of that name. Enough for flat answers without a library; in earnest take Jackson or Gson. */
    static String field(String json, String name) {
        var found = Pattern.compile("\"" + name + "\":(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^,}\\]]+))").matcher(json);
        if (!found.find()) {
            throw new IllegalStateException("No " + name + " in " + json);
        }
        return found.group(1) != null ? found.group(1) : found.group(2);
    }
}
