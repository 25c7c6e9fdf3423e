//! Everything that has a limit, with its unit.

/// Tokens of one text that are embedded, both marks included. What comes after
/// them is left out; a post of a phone's screen has about forty.
pub const TOKENS_MAX: usize = 256;

/// Bytes of one text that are read. A token has at most 48, so this is always
/// more than [`TOKENS_MAX`] tokens of ordinary language.
pub const TEXT_MAX_BYTES: usize = 16 * 1024;

/// Numbers in one embedding.
pub const DIMENSIONS: usize = 384;

/// Numbers of one attention head.
pub(crate) const HEAD_DIMENSIONS: usize = 32;

/// Layers a model file may have.
pub(crate) const LAYERS_MAX: usize = 64;

/// Width of the inner layer a model file may have, in numbers.
pub(crate) const INNER_MAX: usize = 8192;

/// Rows the table of words or of positions may have.
pub(crate) const TABLE_ROWS_MAX: usize = 1 << 22;

/// Tensors a model file may list.
pub(crate) const TENSORS_MAX: usize = 4096;

/// Bytes the name of a tensor may have.
pub(crate) const TENSOR_NAME_MAX_BYTES: usize = 64;

/// Bytes one piece of the vocabulary may have.
pub(crate) const PIECE_MAX_BYTES: usize = 1024;

/// Largest magnitude of a weight, bias or table entry. Real ones stay below a
/// hundred; together with finite scales it keeps every sum finite.
pub(crate) const WEIGHT_MAX: f32 = 1e4;
