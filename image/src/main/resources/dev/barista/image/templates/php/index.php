<?php
// Runs the handler once: the body comes on standard input, what is printed is the answer.

ini_set('display_errors', 'stderr');

if (is_file(__DIR__ . '/function/vendor/autoload.php')) {
    require __DIR__ . '/function/vendor/autoload.php';
}
spl_autoload_register(function (string $class): void {
    $file = __DIR__ . '/function/src/' . str_replace('\\', '/', preg_replace('/^App\\\\/', '', $class)) . '.php';
    if (is_file($file)) {
        require $file;
    }
});

foreach (['handler.php', 'Handler.php', 'src/handler.php'] as $name) {
    if (!class_exists('App\\Handler') && is_file(__DIR__ . '/function/' . $name)) {
        require_once __DIR__ . '/function/' . $name;
    }
}

$body = stream_get_contents(STDIN);
if (class_exists('App\\Handler')) {
    $result = (new App\Handler())->handle($body);
} elseif (class_exists('Handler')) {
    $result = (new Handler())->handle($body);
} elseif (function_exists('handle')) {
    $result = handle($body);
} else {
    fwrite(STDERR, "no handler (expected: class App\\Handler in src/Handler.php, or a function handle in handler.php)\n");
    exit(1);
}
if ($result !== null) {
    echo is_array($result) ? json_encode($result) : $result;
}
