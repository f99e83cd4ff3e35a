//! Serves the handler over HTTP/1.1, a thread per connection, on the socket of BARISTA_SOCKET or on PORT.

mod terminate;
mod wire;

use std::env;
use std::io::{BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::thread;

use wire::{Head, Refused};

const FAILED: &[u8] = b"the function raised an exception: see its log\n";

fn main() {
    terminate::on_signal();
    if let Err(problem) = serve() {
        eprintln!("can't listen: {problem}");
        std::process::exit(1);
    }
}

fn serve() -> std::io::Result<()> {
    if let Ok(path) = env::var("BARISTA_SOCKET") {
        let _ = std::fs::remove_file(&path);
        let listener = UnixListener::bind(path)?;
        loop {
            let (stream, _) = listener.accept()?;
            let reader = stream.try_clone()?;
            thread::spawn(move || connection(reader, stream));
        }
    }
    let host = env::var("BARISTA_HOST").unwrap_or_else(|_| "127.0.0.1".into());
    let port = env::var("PORT").unwrap_or_else(|_| "8080".into());
    let listener = TcpListener::bind(format!("{host}:{port}"))?;
    loop {
        let (stream, _) = listener.accept()?;
        let _ = stream.set_nodelay(true);
        let reader = stream.try_clone()?;
        thread::spawn(move || connection(reader, stream));
    }
}

/// Answers one request after the other until either side has enough.
fn connection(reader: impl Read, mut writer: impl Write) {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    loop {
        let head = match wire::read_head(&mut reader) {
            Ok(Some(head)) => head,
            Ok(None) => return,
            Err(Refused(status)) => {
                let _ = wire::write(&mut writer, status, b"", false, false);
                return;
            }
        };
        if head.expects_continue && writer.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").is_err() {
            return;
        }
        let call = terminate::Call::start();
        let (status, body) = match wire::read_body(&mut reader, &head) {
            Ok(body) => answer(body),
            Err(Refused(status)) => {
                let _ = wire::write(&mut writer, status, b"", false, false);
                return;
            }
        };
        let Head {
            keep_alive,
            is_head,
            ..
        } = head;
        let written = wire::write(&mut writer, status, &body, keep_alive, is_head);
        drop(call);
        if written.is_err() || !keep_alive {
            return;
        }
    }
}

fn answer(body: Vec<u8>) -> (u16, Vec<u8>) {
    match catch_unwind(AssertUnwindSafe(|| handler::handle(body))) {
        Ok(Ok(answer)) => (200, answer),
        Ok(Err(problem)) => {
            eprintln!("handler failed: {problem}");
            (500, FAILED.to_vec())
        }
        Err(_) => (500, FAILED.to_vec()),
    }
}
