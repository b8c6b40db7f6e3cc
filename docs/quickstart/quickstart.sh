#!/usr/bin/env bash
# Needs curl and jq.
# TRADYN_API_KEY=tk_live_… bash quickstart.sh
set -euo pipefail

: "${TRADYN_API_KEY:?set it to the key that the server printed}"
BASE_URL=${TRADYN_BASE_URL:-http://127.0.0.1:8080/v1}

# call METHOD PATH [BODY]: prints the data of the answer, or the error, and then fails.
call() {
  local answer
  answer=$(curl --silent --show-error --max-time 10 --request "$1" "$BASE_URL$2" \
    --header "Authorization: Bearer $TRADYN_API_KEY" \
    ${3:+--header "Content-Type: application/json" --data "$3"}) || return
  if ! jq --exit-status '.success' <<<"$answer" >/dev/null; then
    jq --raw-output '"\(.error) (\(.code))"' <<<"$answer" >&2
    return 1
  fi
  jq '.data' <<<"$answer"
}

account=$(call GET /api/account)
jq -r '"Account \(.login): balance \(.balance) \(.currency), equity \(.equity)"' <<<"$account"

positions=$(call GET /api/positions)
jq -r '.[] | "Open: \(.type) \(.volume) \(.symbol), profit \(.profit)"' <<<"$positions"

quote=$(call GET /api/quotes/EURUSD)
# Stops one percent away; the server rounds them to the symbol's digits.
# Sent again after a lost answer, the client_order_id still buys only once.
order=$(jq --arg id "quickstart-$(date +%s)-$$" '{
  symbol: "EURUSD", action: "buy", volume: 0.1,
  sl: (.bid * 0.99), tp: (.ask * 1.01), client_order_id: $id
}' <<<"$quote")
bought=$(call POST /api/trade "$order")
jq -r '"Bought \(.volume) \(.symbol) at \(.price), ticket \(.ticket)"' <<<"$bought"

ticket=$(jq '.ticket' <<<"$bought")
moved=$(call PATCH "/api/positions/$ticket" "$(jq '{sl: (.bid * 0.995)}' <<<"$quote")")
jq -r '"Moved the stop loss to \(.sl); the take profit stays at \(.tp)"' <<<"$moved"

closed=$(call DELETE "/api/positions/$ticket")
jq -r '"Closed at \(.price), profit \(.profit)"' <<<"$closed"
