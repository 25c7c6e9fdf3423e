//! Writes small model files of the real format, with random weights.

/// A sequence of numbers that look random, the same for the same seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// The next 64 bits (SplitMix64).
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// Evenly from −1 to 1.
    pub(crate) fn signed(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.bits() % limit as u64) as usize
    }
}

/// A tensor as it is meant, beside how it stands in the file.
pub(crate) struct Tensor {
    pub(crate) name: String,
    pub(crate) values: Vec<f64>,
    quantised: bool,
    bytes: Vec<u8>,
}

/// Everything in a file.
pub(crate) struct ModelFile {
    pub(crate) layers: usize,
    pub(crate) inner: usize,
    pub(crate) positions: usize,
    pub(crate) pieces: Vec<(String, f32)>,
    pub(crate) replacements: Vec<(char, String)>,
    pub(crate) tensors: Vec<Tensor>,
}

pub(crate) const HIDDEN: usize = 384;
pub(crate) const HEADS: usize = 12;
/// More rows in the table of words than there are pieces.
const SPARE_WORDS: usize = 3;
/// `<s>`, `<pad>`, `</s>` and `<unk>` as the first pieces.
pub(crate) const MARKS: [&str; 4] = ["<s>", "<pad>", "</s>", "<unk>"];

impl ModelFile {
    pub(crate) fn random(seed: u64, layers: usize, inner: usize) -> Self {
        let mut random = Random(seed);
        let pieces = pieces(&mut random);
        let words = pieces.len() + SPARE_WORDS;
        let positions = 48;
        let mut tensors = vec![
            blocks(&mut random, "emb.word", words * HIDDEN, 0.05),
            plain(&mut random, "emb.pos", positions * HIDDEN, 0.0, 0.1),
            plain(&mut random, "emb.type", 2 * HIDDEN, 0.0, 0.1),
        ];
        norm(&mut random, &mut tensors, "emb.ln");
        for layer in 0..layers {
            let mut matrix = |name: &str, rows: usize, columns: usize| {
                let name = format!("l{layer}.{name}");
                let weights = blocks(&mut random, &format!("{name}.w"), rows * columns, 0.01);
                tensors.push(weights);
                let bias = plain(&mut random, &format!("{name}.b"), rows, 0.0, 0.2);
                tensors.push(bias);
            };
            for name in ["q", "k", "v", "ao"] {
                matrix(name, HIDDEN, HIDDEN);
            }
            matrix("fi", inner, HIDDEN);
            matrix("fo", HIDDEN, inner);
            norm(&mut random, &mut tensors, &format!("l{layer}.aln"));
            norm(&mut random, &mut tensors, &format!("l{layer}.oln"));
        }
        Self {
            layers,
            inner,
            positions,
            pieces,
            replacements: vec![
                ('\t', " ".to_owned()),
                ('A', "a".to_owned()),
                ('\u{ad}', String::new()),
                ('½', "1 2".to_owned()),
                ('\u{3000}', " ".to_owned()),
            ],
            tensors,
        }
    }

    /// The values of a tensor.
    pub(crate) fn values(&self, name: &str) -> &[f64] {
        let found = self.tensors.iter().find(|tensor| tensor.name == name);
        &found.expect("the tensor was written").values
    }

    /// The bytes of the file, and where the tensors begin in them.
    pub(crate) fn bytes(&self) -> (Vec<u8>, usize) {
        let mut file = b"E5S1".to_vec();
        let words = self.pieces.len() + SPARE_WORDS;
        let sizes = [
            1,
            HIDDEN,
            self.layers,
            HEADS,
            self.inner,
            words,
            self.positions,
            2,
        ];
        for size in sizes {
            word(&mut file, size);
        }
        file.extend(1e-12_f32.to_le_bytes());
        for number in [32, self.pieces.len(), 0, 2, 1, 3] {
            word(&mut file, number);
        }
        let blob: Vec<u8> = self
            .pieces
            .iter()
            .flat_map(|(piece, _)| piece.bytes())
            .collect();
        file.extend((blob.len() as u64).to_le_bytes());
        let mut offset = 0;
        word(&mut file, offset);
        for (piece, _) in &self.pieces {
            offset += piece.len();
            word(&mut file, offset);
        }
        for (_, score) in &self.pieces {
            file.extend(score.to_le_bytes());
        }
        file.extend(blob);
        let mut map = Vec::new();
        for (from, to) in &self.replacements {
            word(&mut map, u32::from(*from) as usize);
            map.push(to.chars().count() as u8);
            to.chars()
                .for_each(|character| word(&mut map, u32::from(character) as usize));
        }
        word(&mut file, self.replacements.len());
        word(&mut file, map.len());
        file.extend(map);
        self.tensors_into(&mut file)
    }

    fn tensors_into(&self, file: &mut Vec<u8>) -> (Vec<u8>, usize) {
        word(file, self.tensors.len());
        let directory: usize = self
            .tensors
            .iter()
            .map(|tensor| 23 + tensor.name.len())
            .sum();
        let begin = file.len() + directory;
        let mut place = begin;
        for tensor in &self.tensors {
            file.extend((tensor.name.len() as u16).to_le_bytes());
            file.extend(tensor.name.bytes());
            file.push(u8::from(tensor.quantised));
            word(file, tensor.values.len());
            file.extend((place as u64).to_le_bytes());
            file.extend((tensor.bytes.len() as u64).to_le_bytes());
            place += tensor.bytes.len();
        }
        for tensor in &self.tensors {
            file.extend(&tensor.bytes);
        }
        (std::mem::take(file), begin)
    }
}

fn word(file: &mut Vec<u8>, number: usize) {
    file.extend((number as u32).to_le_bytes());
}

/// The marks, some letters with and without the mark of a space, and random
/// words of them, each with a random score.
fn pieces(random: &mut Random) -> Vec<(String, f32)> {
    let mut pieces: Vec<(String, f32)> =
        MARKS.iter().map(|mark| ((*mark).to_owned(), 0.0)).collect();
    let letters = [
        "\u{2581}", "a", "b", "c", "q", "u", "e", "r", "y", ":", "é", "選",
    ];
    let mut add = |piece: String, score: f64| {
        if !pieces.iter().any(|(other, _)| *other == piece) {
            pieces.push((piece, score as f32));
        }
    };
    for letter in letters {
        add(letter.to_owned(), -6.0 + random.signed());
    }
    for _ in 0..60 {
        let piece: String = (0..2 + random.below(4))
            .map(|_| letters[random.below(letters.len())])
            .collect();
        add(piece, -8.0 + 3.0 * random.signed());
    }
    pieces
}

fn norm(random: &mut Random, tensors: &mut Vec<Tensor>, name: &str) {
    tensors.push(plain(random, &format!("{name}.w"), HIDDEN, 1.0, 0.3));
    tensors.push(plain(random, &format!("{name}.b"), HIDDEN, 0.0, 0.3));
}

fn plain(random: &mut Random, name: &str, count: usize, around: f64, spread: f64) -> Tensor {
    let values: Vec<f32> = (0..count)
        .map(|_| (around + spread * random.signed()) as f32)
        .collect();
    Tensor {
        name: name.to_owned(),
        quantised: false,
        bytes: values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect(),
        values: values.into_iter().map(f64::from).collect(),
    }
}

/// Blocks of 32 numbers from −8 to 7 with a scale around `scale`.
fn blocks(random: &mut Random, name: &str, count: usize, scale: f64) -> Tensor {
    let mut values = Vec::with_capacity(count);
    let mut bytes = Vec::new();
    for _ in 0..count / 32 {
        // A half-precision number: exponent and ten bits of fraction.
        let exponent = (scale.log2().floor() as i32) + random.below(2) as i32;
        let fraction = random.below(1024);
        let unit = 2_f64.powi(exponent) * (1.0 + fraction as f64 / 1024.0);
        bytes.extend((((exponent + 15) as u16) << 10 | fraction as u16).to_le_bytes());
        let numbers: Vec<u8> = (0..32).map(|_| random.below(16) as u8).collect();
        bytes.extend((0..16).map(|index| numbers[index] | numbers[index + 16] << 4));
        values.extend(
            numbers
                .iter()
                .map(|number| (f64::from(*number) - 8.0) * unit),
        );
    }
    Tensor {
        name: name.to_owned(),
        quantised: true,
        values,
        bytes,
    }
}
