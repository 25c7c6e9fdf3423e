//! Mechanism of pages: rendering, caching, security headers, forms, languages. No domain words.
