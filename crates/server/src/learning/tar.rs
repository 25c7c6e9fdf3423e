//! A few files as one archive in the old portable form (POSIX ustar), for a download.

/// Size of a block, in bytes.
const BLOCK_BYTES: usize = 512;
/// A name in a header, in bytes.
const NAME_BYTES: usize = 100;

/// An archive of `files`, all last changed at `seconds` since 1970. A name longer than a header
/// holds is cut.
pub fn archive<N: AsRef<str>>(files: &[(N, Vec<u8>)], seconds: i64) -> Vec<u8> {
    let size: usize = files
        .iter()
        .map(|(_, bytes)| bytes.len() + 2 * BLOCK_BYTES)
        .sum();
    let mut out = Vec::with_capacity(size + 2 * BLOCK_BYTES);
    for (name, bytes) in files {
        out.extend_from_slice(&header(name.as_ref(), bytes.len(), seconds));
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(BLOCK_BYTES), 0);
    }
    out.resize(out.len() + 2 * BLOCK_BYTES, 0);
    out
}

fn header(name: &str, bytes: usize, seconds: i64) -> [u8; BLOCK_BYTES] {
    let mut block = [0; BLOCK_BYTES];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, &name.as_bytes()[..name.len().min(NAME_BYTES)]);
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{bytes:011o}\0").as_bytes());
    put(136, format!("{:011o}\0", seconds.max(0)).as_bytes());
    // The sum is taken with blanks in its own place.
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn the_system_program_reads_it() {
        let files = [("a.txt", b"satu\n".to_vec()), ("kosong", Vec::new())];
        let whole = archive(&files, 1_795_000_000);
        assert!(whole.len().is_multiple_of(BLOCK_BYTES));
        let mut program = Command::new("tar")
            .args(["-xOf", "-", "a.txt"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("tar runs");
        let mut pipe = program.stdin.take().expect("a pipe");
        pipe.write_all(&whole).expect("written");
        drop(pipe);
        let told = program.wait_with_output().expect("ends");
        assert!(told.status.success());
        assert_eq!(told.stdout, b"satu\n");
    }
}
