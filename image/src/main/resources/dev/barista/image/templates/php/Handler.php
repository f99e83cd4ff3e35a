<?php

namespace App;

class Handler
{
    /** Answers one call. */
    public function handle(string $data): string
    {
        return 'Hello from PHP. You said: ' . $data;
    }
}
