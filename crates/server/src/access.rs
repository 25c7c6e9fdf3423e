//! Who is asking: sessions, sign-in and the access values handlers must hold.
