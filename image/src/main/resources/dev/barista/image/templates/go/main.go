// Runs the handler once: the body comes on standard input, what is printed is the answer.
package main

import (
	"fmt"
	"io"
	"os"

	function "handler/function"
)

func main() {
	body, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "can't read the body:", err)
		os.Exit(1)
	}
	fmt.Println(function.Handle(body))
}
