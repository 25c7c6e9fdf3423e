//! The fields a file can fill, and the names columns give them.

/// A field that can be filled from a file.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name on the wire and in `--map`.
    pub name: &'static str,
    /// Whether a file without it cannot be imported.
    pub required: bool,
    /// Names of columns that mean it, the surest first, lower case with `_` between words.
    pub(super) columns: &'static [&'static str],
}

/// What a file brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Posts.
    Posts,
    /// Fact-checks.
    FactChecks,
    /// Organisations of the directory.
    Organisations,
}

impl Subject {
    /// The fields it has, in the order they are shown and guessed.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Posts => POST_FIELDS,
            Self::FactChecks => FACT_CHECK_FIELDS,
            Self::Organisations => ORGANISATION_FIELDS,
        }
    }
}

const fn field(name: &'static str, required: bool, columns: &'static [&'static str]) -> Field {
    Field {
        name,
        required,
        columns,
    }
}

const POST_FIELDS: &[Field] = &[
    field(
        "external_id",
        false,
        &[
            "external_id",
            "post_id",
            "tweet_id",
            "id_post",
            "id_str",
            "message_id",
            "id",
        ],
    ),
    field(
        "text",
        true,
        &[
            "text",
            "teks",
            "full_text",
            "isi",
            "konten",
            "content",
            "caption",
            "pesan",
            "message",
            "body",
            "tweet",
            "judul",
            "title",
        ],
    ),
    field(
        "published_at",
        true,
        &[
            "published_at",
            "created_at",
            "tanggal",
            "waktu",
            "date",
            "timestamp",
            "datetime",
            "tgl",
            "time",
            "published",
        ],
    ),
    field(
        "channel.kind",
        false,
        &[
            "channel.kind",
            "platform",
            "kanal",
            "channel",
            "media_sosial",
            "medsos",
        ],
    ),
    field(
        "channel.account",
        false,
        &[
            "channel.account",
            "channel.site",
            "account",
            "site",
            "situs",
            "grup",
            "group",
            "nama_kanal",
            "channel_name",
        ],
    ),
    field(
        "channel.url",
        false,
        &[
            "channel.url",
            "url",
            "link",
            "tautan",
            "permalink",
            "post_url",
            "tweet_url",
        ],
    ),
    field(
        "author",
        false,
        &[
            "author",
            "akun",
            "username",
            "screen_name",
            "user",
            "penulis",
            "pengguna",
            "pengirim",
            "from",
        ],
    ),
    field("lang", false, &["lang", "bahasa", "language"]),
    field("region", false, &["region", "kode_wilayah", "region_code"]),
    field(
        "reach",
        false,
        &[
            "reach",
            "jangkauan",
            "views",
            "view_count",
            "tayangan",
            "dilihat",
            "impressions",
            "likes",
            "suka",
            "like_count",
            "favorite_count",
        ],
    ),
    field(
        "media",
        false,
        &[
            "media",
            "media_url",
            "image",
            "gambar",
            "foto",
            "photos",
            "video",
        ],
    ),
];

const FACT_CHECK_FIELDS: &[Field] = &[
    field("external_id", false, &["doc_id", "external_id", "id"]),
    field(
        "publisher",
        false,
        &["org", "publisher", "penerbit", "media", "sumber", "source"],
    ),
    field(
        "claim",
        true,
        &[
            "claim",
            "klaim",
            "claim_reviewed",
            "judul",
            "title",
            "headline",
        ],
    ),
    field(
        "verdict",
        false,
        &["verdict", "kesimpulan", "rating", "hasil", "status"],
    ),
    field("label", false, &["tag", "label", "alternate_name"]),
    field(
        "explanation",
        false,
        &["explanation", "penjelasan", "fakta", "fact", "conclusion"],
    ),
    field("narrative", false, &["narrative", "narasi", "isi_hoaks"]),
    field(
        "published_at",
        false,
        &["date", "tanggal", "published_at", "tgl", "date_published"],
    ),
    field("url", false, &["url", "link", "tautan", "permalink"]),
    field("deception", false, &["deception", "kategori_hoaks"]),
    field(
        "evidence",
        false,
        &["evidence", "bukti", "referensi", "references"],
    ),
];

const ORGANISATION_FIELDS: &[Field] = &[
    field(
        "external_id",
        false,
        &["external_id", "no_anggota", "nomor_anggota", "kode", "id"],
    ),
    field(
        "name",
        true,
        &[
            "name",
            "nama",
            "nama_media",
            "nama_lembaga",
            "lembaga",
            "media",
            "organisasi",
        ],
    ),
    field(
        "short_name",
        false,
        &["short_name", "singkatan", "nama_singkat", "akronim"],
    ),
    field("kind", false, &["kind", "jenis", "jenis_lembaga", "tipe"]),
    field(
        "region",
        false,
        &[
            "region",
            "wilayah",
            "kode_wilayah",
            "kab_kota",
            "kabupaten/kota",
            "kabupaten",
            "kota",
            "provinsi",
            "daerah",
        ],
    ),
    field(
        "homepage",
        false,
        &[
            "homepage", "situs", "laman", "website", "domain", "url", "link", "tautan",
        ],
    ),
    field("parent", false, &["parent", "induk", "bagian_dari"]),
    field(
        "association",
        false,
        &["association", "asosiasi", "anggota_dari"],
    ),
    field(
        "joined",
        false,
        &["joined", "bergabung", "tanggal_bergabung", "tgl_bergabung"],
    ),
    field(
        "since_year",
        false,
        &["since_year", "tahun_berdiri", "berdiri", "tahun"],
    ),
    field("source", false, &["source", "sumber"]),
];
