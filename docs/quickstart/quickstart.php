<?php
// PHP 8.1 or newer with the curl extension.
// TRADYN_API_KEY=tk_live_… php quickstart.php
declare(strict_types=1);

define('BASE_URL', getenv('TRADYN_BASE_URL') ?: 'http://127.0.0.1:8080/v1');

function call(string $method, string $path, ?array $body = null): array
{
    $headers = ['Authorization: Bearer ' . getenv('TRADYN_API_KEY')];
    $curl = curl_init(BASE_URL . $path);
    if ($body !== null) {
        $headers[] = 'Content-Type: application/json';
        curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($body, JSON_THROW_ON_ERROR));
    }
    curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 10,
    ]);
    $text = curl_exec($curl);
    if ($text === false) {
        throw new RuntimeException(curl_error($curl));
    }
    $answer = json_decode($text, associative: true, flags: JSON_THROW_ON_ERROR);
    if (!$answer['success']) {
        throw new RuntimeException("{$answer['error']} ({$answer['code']})");
    }
    return $answer['data'];
}

try {
    $account = call('GET', '/api/account');
    echo "Account {$account['login']}: balance {$account['balance']} {$account['currency']}, ",
        "equity {$account['equity']}\n";

    foreach (call('GET', '/api/positions') as $position) {
        echo "Open: {$position['type']} {$position['volume']} {$position['symbol']}, profit {$position['profit']}\n";
    }

    $quote = call('GET', '/api/quotes/EURUSD');
    $bought = call('POST', '/api/trade', [
        'symbol' => 'EURUSD',
        'action' => 'buy',
        'volume' => 0.1,
        'sl' => $quote['bid'] * 0.99, // one percent away; the server rounds to the symbol's digits
        'tp' => $quote['ask'] * 1.01,
        'client_order_id' => bin2hex(random_bytes(16)), // sent again after a lost answer, it still buys only once
    ]);
    echo "Bought {$bought['volume']} {$bought['symbol']} at {$bought['price']}, ticket {$bought['ticket']}\n";

    $moved = call('PATCH', "/api/positions/{$bought['ticket']}", ['sl' => $quote['bid'] * 0.995]);
    echo "Moved the stop loss to {$moved['sl']}; the take profit stays at {$moved['tp']}\n";

    $closed = call('DELETE', "/api/positions/{$bought['ticket']}");
    echo "Closed at {$closed['price']}, profit {$closed['profit']} {$account['currency']}\n";
} catch (RuntimeException $error) {
    fwrite(STDERR, $error->getMessage() . "\n");
    exit(1);
}
