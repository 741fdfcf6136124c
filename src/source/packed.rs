//! Compressed files: gzip and Zstandard, told by their first bytes and unpacked as a stream.

use super::encoding::fill;
use flate2::read::MultiGzDecoder;
use std::io::{self, Cursor, Read};

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// gzip, of one member or several.
    Gzip,
    /// Zstandard, of one frame or several.
    Zstd,
}

impl Packing {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "Zstandard",
        }
    }

    fn of(first: &[u8]) -> Option<Self> {
        if first.starts_with(&[0x1F, 0x8B]) {
            Some(Self::Gzip)
        } else if first.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
            Some(Self::Zstd)
        } else {
            None
        }
    }
}

/// The bytes of `input`, unpacked where they are compressed.
///
/// # Errors
/// Those of reading. What is cut short or damaged is an error of the stream where it is met: never an
/// early end.
pub(super) fn unpack(
    mut input: Box<dyn Read + Send>,
) -> io::Result<(Box<dyn Read + Send>, Option<Packing>)> {
    let mut first = [0; 4];
    let read = fill(&mut input, &mut first)?;
    let first = first.get(..read).unwrap_or_default().to_vec();
    let packing = Packing::of(&first);
    let whole: Box<dyn Read + Send> = Box::new(Cursor::new(first).chain(input));
    Ok(match packing {
        None => (whole, None),
        Some(packing) => {
            let inner: Box<dyn Read + Send> = match packing {
                Packing::Gzip => Box::new(MultiGzDecoder::new(whole)),
                Packing::Zstd => Box::new(zstd::stream::read::Decoder::new(whole)?),
            };
            (Box::new(Unpacked { inner, packing }), Some(packing))
        }
    })
}

/// A stream that says what is wrong with what it unpacks.
struct Unpacked {
    inner: Box<dyn Read + Send>,
    packing: Packing,
}

impl Read for Unpacked {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let name = self.packing.name();
        self.inner.read(out).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("the {name} file is truncated: it ends too early"),
            ),
            // What zlib and zstd say of damage comes as one of these.
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::Other => {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("the {name} file is damaged ({error})"),
                )
            }
            _ => error,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::stream::encode_all(bytes, 3).unwrap()
    }

    fn read(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let (mut input, _) = unpack(Box::new(Cursor::new(bytes.to_vec())))?;
        let mut out = Vec::new();
        input.read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn members_and_frames_are_read_one_after_the_other() {
        let text = "id,text\n1,bien\n".repeat(5000).into_bytes();
        for pack in [gzip, zstd] {
            let twice = [pack(&text), pack(&text)].concat();
            assert!(read(&twice).unwrap() == [&text[..], &text[..]].concat());
        }
        assert_eq!(read(b"\x1F").unwrap(), b"\x1F");
        assert_eq!(read(b"").unwrap(), b"");
    }

    #[test]
    fn what_is_cut_short_or_damaged_is_an_error() {
        let mut chance = 7_u32;
        let text: Vec<u8> = (0..50_000)
            .map(|_| {
                chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                b'a' + (chance >> 28) as u8
            })
            .collect();
        for pack in [gzip, zstd] {
            let packed = pack(&text);
            for cut in [5, 20, packed.len() / 2, packed.len() - 1] {
                let error = read(&packed[..cut]).unwrap_err().to_string();
                assert!(error.contains("truncated"), "{cut}: {error}");
            }
        }
        let mut packed = gzip(&text);
        let middle = packed.len() / 2;
        packed[middle] ^= 0x55;
        let error = read(&packed).unwrap_err().to_string();
        assert!(error.contains("damaged"), "{error}");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(
            gzipped in any::<bool>(),
            at in 0_usize..200,
            bytes in proptest::collection::vec(any::<u8>(), 0..100),
        ) {
            let mut packed = if gzipped { gzip(b"id,text\n1,a\n") } else { zstd(b"id,text\n1,a\n") };
            packed.truncate(at);
            packed.extend(bytes);
            let _ = read(&packed);
        }
    }
}
