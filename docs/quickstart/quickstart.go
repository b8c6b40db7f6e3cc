// Go 1.22 or newer; nothing to install.
// TRADYN_API_KEY=tk_live_… go run quickstart.go
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

type Account struct {
	Login    int64   `json:"login"`
	Currency string  `json:"currency"`
	Balance  float64 `json:"balance"`
	Equity   float64 `json:"equity"`
}

type Position struct {
	Symbol string  `json:"symbol"`
	Type   string  `json:"type"`
	Volume float64 `json:"volume"`
	SL     float64 `json:"sl"`
	TP     float64 `json:"tp"`
	Profit float64 `json:"profit"`
}

type Quote struct {
	Bid float64 `json:"bid"`
	Ask float64 `json:"ask"`
}

type TradeRequest struct {
	Symbol        string  `json:"symbol"`
	Action        string  `json:"action"`
	Volume        float64 `json:"volume"`
	SL            float64 `json:"sl"`
	TP            float64 `json:"tp"`
	ClientOrderID string  `json:"client_order_id"`
}

type TradeResult struct {
	Ticket int64   `json:"ticket"`
	Symbol string  `json:"symbol"`
	Volume float64 `json:"volume"`
	Price  float64 `json:"price"`
}

type ModifyPositionRequest struct {
	SL float64 `json:"sl"`
}

type CloseResult struct {
	Price  float64 `json:"price"`
	Profit float64 `json:"profit"`
}

var (
	baseURL = cmp.Or(os.Getenv("TRADYN_BASE_URL"), "http://127.0.0.1:8080/v1")
	client  = &http.Client{Timeout: 10 * time.Second}
)

// call sends a request, with a body unless it is nil, and returns the data of the answer.
func call[T any](method, path string, body any) (data T, err error) {
	var payload bytes.Buffer
	if body != nil {
		if err = json.NewEncoder(&payload).Encode(body); err != nil {
			return data, err
		}
	}
	request, err := http.NewRequest(method, baseURL+path, &payload)
	if err != nil {
		return data, err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("TRADYN_API_KEY"))
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := client.Do(request)
	if err != nil {
		return data, err
	}
	defer response.Body.Close()

	var answer struct {
		Success bool   `json:"success"`
		Data    T      `json:"data"`
		Error   string `json:"error"`
		Code    string `json:"code"`
	}
	if err = json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return data, err
	}
	if !answer.Success {
		return data, fmt.Errorf("%s (%s)", answer.Error, answer.Code)
	}
	return answer.Data, nil
}

func run() error {
	account, err := call[Account]("GET", "/api/account", nil)
	if err != nil {
		return err
	}
	fmt.Printf("Account %d: balance %v %s, equity %v\n",
		account.Login, account.Balance, account.Currency, account.Equity)

	positions, err := call[[]Position]("GET", "/api/positions", nil)
	if err != nil {
		return err
	}
	for _, position := range positions {
		fmt.Printf("Open: %s %v %s, profit %v\n", position.Type, position.Volume, position.Symbol, position.Profit)
	}

	quote, err := call[Quote]("GET", "/api/quotes/EURUSD", nil)
	if err != nil {
		return err
	}
	bought, err := call[TradeResult]("POST", "/api/trade", TradeRequest{
		Symbol: "EURUSD",
		Action: "buy",
		Volume: 0.1,
		SL:     quote.Bid * 0.99, // one percent away; the server rounds to the symbol's digits
		TP:     quote.Ask * 1.01,
		// Sent again after a lost answer, it still buys only once.
		ClientOrderID: fmt.Sprintf("quickstart-%d", time.Now().UnixNano()),
	})
	if err != nil {
		return err
	}
	fmt.Printf("Bought %v %s at %v, ticket %d\n", bought.Volume, bought.Symbol, bought.Price, bought.Ticket)

	path := fmt.Sprintf("/api/positions/%d", bought.Ticket)
	moved, err := call[Position]("PATCH", path, ModifyPositionRequest{SL: quote.Bid * 0.995})
	if err != nil {
		return err
	}
	fmt.Printf("Moved the stop loss to %v; the take profit stays at %v\n", moved.SL, moved.TP)

	closed, err := call[CloseResult]("DELETE", path, nil)
	if err != nil {
		return err
	}
	fmt.Printf("Closed at %v, profit %v %s\n", closed.Price, closed.Profit, account.Currency)
	return nil
}

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
