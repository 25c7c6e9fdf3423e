//! Multilingual sentence embeddings on a processor, in plain Rust.
//!
//! Runs multilingual-e5-small from one file of four-bit weights
//! (`scripts/model` installs it). Two texts that say the same, in other words or
//! in another language, have embeddings with a high dot product.
//!
//! ```no_run
//! use encoder::{Encoder, Role, Scratch};
//!
//! let file = std::fs::read("e5-small-q4.bin")?;
//! let encoder = Encoder::from_bytes(&file)?;
//! let mut scratch = Scratch::default();
//! let post = encoder.embed("TPS di desa kami dipindah", Role::Query, &mut scratch);
//! let check = encoder.embed("Lokasi TPS tidak berubah", Role::Passage, &mut scratch);
//! let likeness: f32 = post.iter().zip(&check).map(|(a, b)| a * b).sum();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pure: no file, clock or thread is touched. The same text gives the same bits,
//! on every set of instructions.

mod arithmetic;
mod attention;
mod error;
mod format;
mod forward;
mod kernels;
pub mod limits;
mod quantised;
mod tokenizer;
mod trie;

pub use error::ModelError;
pub use kernels::Instructions;

use forward::{Activations, Network};
use limits::DIMENSIONS;
use tokenizer::{Division, Tokenizer};

/// What a text is for. The model was trained with both kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A text to look others up with; also right where two texts of the same
    /// kind are compared.
    Query,
    /// A text to be found.
    Passage,
}

impl Role {
    fn prefix(self) -> &'static str {
        match self {
            Self::Query => "query: ",
            Self::Passage => "passage: ",
        }
    }
}

/// A model that is ready to embed. Shared by any number of threads.
pub struct Encoder {
    tokenizer: Tokenizer,
    network: Network,
    instructions: Instructions,
}

/// The memory one thread needs to embed; it grows with its longest text.
#[derive(Default)]
pub struct Scratch {
    division: Division,
    activations: Activations,
}

impl Encoder {
    /// Reads a model file of format `E5S1`. Takes about a second and, for the
    /// real file, 90 MB.
    pub fn from_bytes(file: &[u8]) -> Result<Self, ModelError> {
        let (header, vocabulary, tensors) = format::read(file)?;
        Ok(Self {
            network: Network::new(&header, &tensors)?,
            tokenizer: Tokenizer::new(vocabulary),
            instructions: Instructions::fastest(),
        })
    }

    /// The same encoder with other instructions than the fastest.
    pub fn with(self, instructions: Instructions) -> Self {
        Self {
            instructions,
            ..self
        }
    }

    /// The embedding of `text`, of unit length, so that a dot product is a
    /// cosine. Only the first [`limits::TEXT_MAX_BYTES`] are read and the first
    /// [`limits::TOKENS_MAX`] tokens count.
    pub fn embed(&self, text: &str, role: Role, scratch: &mut Scratch) -> [f32; DIMENSIONS] {
        let most = self.network.tokens_max();
        self.tokenizer
            .divide(role.prefix(), text, most, &mut scratch.division);
        self.instructions.forward(
            &self.network,
            &scratch.division.tokens,
            &mut scratch.activations,
        )
    }

    /// How many tokens `text` has, its prefix and both marks included; more
    /// than [`limits::TOKENS_MAX`] where some are left out.
    pub fn token_count(&self, text: &str, role: Role, scratch: &mut Scratch) -> usize {
        let most = self.network.tokens_max();
        self.tokenizer
            .divide(role.prefix(), text, most, &mut scratch.division)
    }
}
