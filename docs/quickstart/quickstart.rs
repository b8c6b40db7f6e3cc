// cargo new quickstart && cd quickstart, put this into src/main.rs, and into Cargo.toml:
//
//   [dependencies]
//   serde = { version = "1", features = ["derive"] }
//   serde_json = "1"
//   ureq = { version = "2", features = ["json"] }
//
// TRADYN_API_KEY=tk_live_… cargo run
use std::env;
use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use serde::Deserialize;
use serde_json::{json, Value};

#[derive(Deserialize)]
struct Answer<T> {
    success: bool,
    data: Option<T>,
    error: Option<String>,
    code: Option<String>,
}

#[derive(Deserialize)]
struct Account {
    login: u64,
    currency: String,
    balance: f64,
    equity: f64,
}

#[derive(Deserialize)]
struct Position {
    symbol: String,
    r#type: String,
    volume: f64,
    sl: Option<f64>,
    tp: Option<f64>,
    profit: f64,
}

#[derive(Deserialize)]
struct Quote {
    bid: f64,
    ask: f64,
}

#[derive(Deserialize)]
struct TradeResult {
    ticket: u64,
    symbol: String,
    volume: f64,
    price: f64,
}

#[derive(Deserialize)]
struct CloseResult {
    price: f64,
    profit: f64,
}

fn call<T: DeserializeOwned>(
    method: &str,
    path: &str,
    body: Option<Value>,
) -> Result<T, Box<dyn Error>> {
    let base_url = env::var("TRADYN_BASE_URL").unwrap_or("http://127.0.0.1:8080/v1".into());
    let request = ureq::request(method, &format!("{base_url}{path}"))
        .timeout(Duration::from_secs(10))
        .set(
            "Authorization",
            &format!("Bearer {}", env::var("TRADYN_API_KEY")?),
        );
    let response = match body {
        Some(body) => request.send_json(body),
        None => request.call(),
    };
    let answer: Answer<T> = match response {
        // An error has the same envelope.
        Ok(response) | Err(ureq::Error::Status(_, response)) => response.into_json()?,
        Err(error) => return Err(error.into()),
    };
    match answer {
        Answer {
            success: true,
            data: Some(data),
            ..
        } => Ok(data),
        refused => Err(format!(
            "{} ({})",
            refused.error.unwrap_or_default(),
            refused.code.unwrap_or_default()
        )
        .into()),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let account: Account = call("GET", "/api/account", None)?;
    println!(
        "Account {}: balance {} {}, equity {}",
        account.login, account.balance, account.currency, account.equity
    );

    let positions: Vec<Position> = call("GET", "/api/positions", None)?;
    for position in positions {
        println!(
            "Open: {} {} {}, profit {}",
            position.r#type, position.volume, position.symbol, position.profit
        );
    }

    let quote: Quote = call("GET", "/api/quotes/EURUSD", None)?;
    let order = json!({
        "symbol": "EURUSD",
        "action": "buy",
        "volume": 0.1,
        "sl": quote.bid * 0.99, // one percent away; the server rounds to the symbol's digits
        "tp": quote.ask * 1.01,
        // Sent again after a lost answer, it still buys only once.
        "client_order_id": format!("quickstart-{}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos()),
    });
    let bought: TradeResult = call("POST", "/api/trade", Some(order))?;
    println!(
        "Bought {} {} at {}, ticket {}",
        bought.volume, bought.symbol, bought.price, bought.ticket
    );

    let path = format!("/api/positions/{}", bought.ticket);
    let moved: Position = call("PATCH", &path, Some(json!({ "sl": quote.bid * 0.995 })))?;
    println!(
        "Moved the stop loss to {}; the take profit stays at {}",
        moved.sl.unwrap_or_default(),
        moved.tp.unwrap_or_default()
    );

    let closed: CloseResult = call("DELETE", &path, None)?;
    println!(
        "Closed at {}, profit {} {}",
        closed.price, closed.profit, account.currency
    );
    Ok(())
}
