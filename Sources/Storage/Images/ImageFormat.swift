// The format of an image: everything that the engine holds as one commit left it, in one file.
//
// `<folder>/<sequence, 20 digits>.image`. All numbers are little-endian. From front to back, without a gap:
//
//   header    4 KiB
//   blocks    each a head of 48 bytes, its payload as stored, and zeros up to a multiple of 64 bytes
//   index     one more block, of kind 0
//   footer    4 KiB, or a multiple of it where there are many ends to be told
//
// Header. All members but the last stay what and where they are in every format: of one that is not known it is told who wrote it.
//      0   8  "audimage"
//      8   8  hash of the rest of the header, seed 0
//     16   4  format: 1
//     20   4  zero
//     24   8  file id: random, and the seed of every other hash in the file, so that no block of another file passes for one of this
//     32   8  sequence of the commit that the image shows
//     40   8  the engine's clock at that commit, milliseconds since the Unix epoch
//     48   8  created, milliseconds since the Unix epoch by the wall clock
//     56   …  two texts, each its bytes in UTF-8 behind their number (4 bytes): the group, and the program that wrote it;
//           8  the bytes of memory that the state took in the process that wrote it, 0 where nobody says it; then zeros
//
// Block. A section is a kind and a part (which table, which column: the writer's numbers); its blocks are numbered from 0.
//      0   8  hash of the 40 bytes that follow and of the payload as stored
//      8   4  "blok"
//     12   4  kind of the section; from 2^31 on a reader that does not know it may skip it, below it must refuse the file
//     16   8  part of the section
//     24   4  number of the block in its section
//     28   4  rows in it, whatever a row is there
//     32   4  codec: 0 raw, 1 one zstd frame
//     36   4  bytes of the payload, at most 1 MiB (but for the index)
//     40   4  bytes of the payload as stored; with codec 0 the same, with codec 1 fewer
//     44   4  zero
//
// Index. Its payload names each section, in the order of their first blocks, and then each block, in the order of the file. Blocks of
// several sections may be mixed.
//      0   4  sections             4   4  blocks
//   per section, 32 bytes: kind 4, blocks 4, part 8, rows 8, bytes of its payloads 8
//   per block, 40 bytes: kind 4, number 4, part 8, offset in the file 8, rows 4, bytes of the payload as stored 4, hash 8
//
// Footer. Of one that is longer than 4 KiB this is the whole; the last 16 bytes are the end of the file.
//      0   8  hash of the rest of the footer
//      8   8  offset of the index's block
//     16   8  hash of the index's block
//     24   4  bytes of the index's payload as stored
//     28   4  number of ends
//     32   8  offset of the commit's record in the journal
//     40   8  hash of that record's value (XXH3)
//     48   …  the fingerprint, a text; then per end: topic, a text; partition 4; offset 8; then zeros
//    -16   4  bytes of the footer
//    -12   4  zero
//     -8   8  "complete"
//
// Hashes are XXH3 of 64 bits. A reader believes no number before the hash over it fits (but how long the footer is, which only says what
// to hash), and no count that the size of the file does not allow. The place of every byte follows from the index, and what is neither
// hashed nor compared is compared with zero: a file in which any byte is changed or missing is refused.
//
// Written early, published late: header, blocks and index are written and fsynced when they are done, under the name
// `<sequence>.image.<instance, 16 hexadecimal digits>.temporary`; the footer once the commit is acknowledged. Then fsync, rename, fsync of
// the folder, the same for the copy in the second home, and only then is the third oldest removed. So a crash leaves a temporary file,
// which the next start removes, or a whole image; the two before it are touched by nothing before the new one lasts. A file under its
// final name that is not whole is the disk's fault: it is moved aside to `<sequence>.image.damaged`, and the one before is taken.
//
// Kinds of sections are given by whoever fills them. Optional ones leave room for what is known to be droppable, such as marks of texts
// and keys that are forgotten. `current` is raised when a reader of before could not read what is written; formats that were released
// are read for ever (Tests/StorageTests/Golden has one of each).
internal import CXxhash

/// The numbers of the format.
enum ImageFormat {
    /// What is written.
    static let current: UInt32 = 1

    /// Header, and the unit of the footer.
    static let pageBytes = 4096
    static let headBytes = 48
    /// Blocks begin at multiples of it.
    static let alignment = 64
    /// Of a block's payload.
    static let maximumPayloadBytes = 1 << 20
    /// Far above what ends of outputs take; a file that says more is damaged.
    static let maximumFooterBytes = 4 << 20

    static let headerMagic: UInt64 = 0x6567_616d_6964_7561
    static let blockMagic: UInt32 = 0x6b6f_6c62
    static let footerMagic: UInt64 = 0x6574_656c_706d_6f63

    /// What a block of that many bytes as stored takes in the file.
    static func blockBytes(storedBytes: Int) -> Int {
        (headBytes + storedBytes + alignment - 1) / alignment * alignment
    }

    static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        XXH3_64bits_withSeed(bytes.baseAddress, bytes.count, seed)
    }

    /// The hash of all but the 8 bytes that are its place.
    static func hash(behindHashOf bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        hash(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(8)), seed: seed)
    }
}
