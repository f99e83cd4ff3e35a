use std::io::Error;

/// Answers one call.
pub fn handle(body: Vec<u8>) -> Result<Vec<u8>, Error> {
    let mut answer = b"Hello from Rust. You said: ".to_vec();
    answer.extend(body);
    Ok(answer)
}
