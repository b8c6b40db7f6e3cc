// .NET 8 or newer: dotnet new console --output QuickStart, and put this into QuickStart/Program.cs.
// TRADYN_API_KEY=tk_live_… dotnet run --project QuickStart
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

var baseUrl = Environment.GetEnvironmentVariable("TRADYN_BASE_URL") ?? "http://127.0.0.1:8080/v1";
var apiKey = Environment.GetEnvironmentVariable("TRADYN_API_KEY");
var json = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);

try
{
    var account = await Call<Account>(HttpMethod.Get, "/api/account");
    Console.WriteLine(
        $"Account {account.Login}: balance {account.Balance} {account.Currency}, equity {account.Equity}");

    foreach (var position in await Call<Position[]>(HttpMethod.Get, "/api/positions"))
        Console.WriteLine($"Open: {position.Type} {position.Volume} {position.Symbol}, profit {position.Profit}");

    var quote = await Call<Quote>(HttpMethod.Get, "/api/quotes/EURUSD");
    var bought = await Call<TradeResult>(HttpMethod.Post, "/api/trade", new TradeRequest(
        Symbol: "EURUSD",
        Action: "buy",
        Volume: 0.1m,
        Sl: quote.Bid * 0.99m, // one percent away; the server rounds to the symbol's digits
        Tp: quote.Ask * 1.01m,
        ClientOrderId: Guid.NewGuid().ToString())); // sent again after a lost answer, it still buys only once
    Console.WriteLine($"Bought {bought.Volume} {bought.Symbol} at {bought.Price}, ticket {bought.Ticket}");

    var moved = await Call<Position>(HttpMethod.Patch, $"/api/positions/{bought.Ticket}",
        new ModifyPositionRequest(Sl: quote.Bid * 0.995m));
    Console.WriteLine($"Moved the stop loss to {moved.Sl}; the take profit stays at {moved.Tp}");

    var closed = await Call<CloseResult>(HttpMethod.Delete, $"/api/positions/{bought.Ticket}");
    Console.WriteLine($"Closed at {closed.Price}, profit {closed.Profit} {account.Currency}");
    return 0;
}
catch (Refused error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

async Task<T> Call<T>(HttpMethod method, string path, object? body = null)
{
    using var request = new HttpRequestMessage(method, baseUrl + path);
    if (body is not null)
        request.Content = JsonContent.Create(body, options: json);
    using var response = await http.SendAsync(request);
    var answer = await response.Content.ReadFromJsonAsync<Answer<T>>(json);
    return answer is { Success: true }
        ? answer.Data!
        : throw new Refused($"{answer?.Error} ({answer?.Code})");
}

record Answer<T>(bool Success, T? Data, string? Error, string? Code);
record Account(long Login, string Currency, decimal Balance, decimal Equity);
record Position(string Symbol, string Type, decimal Volume, decimal? Sl, decimal? Tp, decimal Profit);
record Quote(decimal Bid, decimal Ask);
record TradeRequest(string Symbol, string Action, decimal Volume, decimal Sl, decimal Tp, string ClientOrderId);
record TradeResult(long Ticket, string Symbol, decimal Volume, decimal Price);
record ModifyPositionRequest(decimal Sl);
record CloseResult(decimal Price, decimal Profit);

class Refused(string message) : Exception(message);
