// An MCP server of the official Go SDK: Streamable HTTP at /mcp, HTTP+SSE at /sse.
package main

import (
	"context"
	"flag"
	"log"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type echoInput struct {
	Text string `json:"text"`
}

func echo(_ context.Context, _ *mcp.CallToolRequest, in echoInput) (*mcp.CallToolResult, any, error) {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: in.Text}}}, nil, nil
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "where to listen")
	stateless := flag.Bool("stateless", false, "serve 2026-07-28, which has no sessions, as well")
	flag.Parse()

	server := mcp.NewServer(&mcp.Implementation{Name: "go", Version: "1.0.0"}, nil)
	mcp.AddTool(server, &mcp.Tool{Name: "echo", Description: "Gives back the text"}, echo)
	get := func(*http.Request) *mcp.Server { return server }

	http.Handle("/mcp", mcp.NewStreamableHTTPHandler(get, &mcp.StreamableHTTPOptions{Stateless: *stateless}))
	http.Handle("/sse", mcp.NewSSEHandler(get, nil))
	log.Fatal(http.ListenAndServe(*addr, nil))
}
