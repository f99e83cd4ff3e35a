//! HTTP/1.1 as far as the gateway speaks it.

use std::io::{BufRead, Read, Write};

const LONGEST_LINE: u64 = 64 << 10;
const MOST_HEADERS: usize = 200;

/// A request that gets this status and no handler.
pub struct Refused(pub u16);

pub struct Head {
    pub keep_alive: bool,
    pub is_head: bool,
    pub expects_continue: bool,
    framing: Framing,
}

enum Framing {
    Length(u64),
    Chunked,
}

/// The next request's head; nothing when the client has left.
pub fn read_head(reader: &mut impl BufRead) -> Result<Option<Head>, Refused> {
    let Some(first) = line(reader)? else {
        return Ok(None);
    };
    let words: Vec<&str> = first.split(' ').collect();
    if words.len() != 3 || !words[2].starts_with("HTTP/1.") {
        return Err(Refused(400));
    }
    let mut head = Head {
        keep_alive: words[2] == "HTTP/1.1",
        is_head: words[0] == "HEAD",
        expects_continue: false,
        framing: Framing::Length(0),
    };
    let mut lengths: Vec<u64> = Vec::new();
    let mut chunked = false;
    for _ in 0..MOST_HEADERS {
        let header = line(reader)?.ok_or(Refused(400))?;
        if header.is_empty() {
            head.framing = framing(&lengths, chunked)?;
            return Ok(Some(head));
        }
        let (name, value) = header.split_once(':').ok_or(Refused(400))?;
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => lengths.push(length(value)?),
            "transfer-encoding" if value.eq_ignore_ascii_case("chunked") => chunked = true,
            "transfer-encoding" => return Err(Refused(501)),
            "expect" => head.expects_continue = value.eq_ignore_ascii_case("100-continue"),
            "connection" if value.eq_ignore_ascii_case("close") => head.keep_alive = false,
            "connection" if value.eq_ignore_ascii_case("keep-alive") => head.keep_alive = true,
            _ => {}
        }
    }
    Err(Refused(431))
}

fn length(value: &str) -> Result<u64, Refused> {
    if value.is_empty() || !value.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refused(400));
    }
    value.parse().map_err(|_| Refused(413))
}

fn framing(lengths: &[u64], chunked: bool) -> Result<Framing, Refused> {
    match (lengths, chunked) {
        ([], true) => Ok(Framing::Chunked),
        ([], false) => Ok(Framing::Length(0)),
        ([first, rest @ ..], false) if rest.iter().all(|l| l == first) => {
            Ok(Framing::Length(*first))
        }
        _ => Err(Refused(400)),
    }
}

pub fn read_body(reader: &mut impl BufRead, head: &Head) -> Result<Vec<u8>, Refused> {
    let mut body = Vec::new();
    match head.framing {
        Framing::Length(length) => take(reader, length, &mut body)?,
        Framing::Chunked => loop {
            let size = line(reader)?.ok_or(Refused(400))?;
            let digits = size.split(';').next().unwrap_or("").trim();
            let size = u64::from_str_radix(digits, 16).map_err(|_| Refused(400))?;
            if size == 0 {
                while !line(reader)?.ok_or(Refused(400))?.is_empty() {}
                break;
            }
            take(reader, size, &mut body)?;
            if !line(reader)?.ok_or(Refused(400))?.is_empty() {
                return Err(Refused(400));
            }
        },
    }
    Ok(body)
}

fn take(reader: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> Result<(), Refused> {
    let read = reader
        .take(length)
        .read_to_end(body)
        .map_err(|_| Refused(400))?;
    if read as u64 == length {
        Ok(())
    } else {
        Err(Refused(400))
    }
}

/// A line without its end; nothing at the end of input.
fn line(reader: &mut impl BufRead) -> Result<Option<String>, Refused> {
    let mut bytes = Vec::new();
    let read = reader
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut bytes)
        .map_err(|_| Refused(400))?;
    if read == 0 {
        return Ok(None);
    }
    if !bytes.ends_with(b"\r\n") {
        return Err(Refused(if read as u64 == LONGEST_LINE {
            431
        } else {
            400
        }));
    }
    bytes.truncate(bytes.len() - 2);
    Ok(Some(bytes.iter().map(|b| char::from(*b)).collect()))
}

pub fn write(
    writer: &mut impl Write,
    status: u16,
    body: &[u8],
    keep_alive: bool,
    is_head: bool,
) -> std::io::Result<()> {
    let reason = match status {
        200 => "OK",
        400 => "Bad Request",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        _ => "Internal Server Error",
    };
    let connection = if keep_alive { "keep-alive" } else { "close" };
    let kind = std::env::var("content_type").unwrap_or_else(|_| "text/plain; charset=utf-8".into());
    let mut answer = format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: {connection}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    if !is_head {
        answer.extend_from_slice(body);
    }
    writer.write_all(&answer)?;
    writer.flush()
}
