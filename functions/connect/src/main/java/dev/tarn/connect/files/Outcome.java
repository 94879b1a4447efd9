package dev.tarn.connect.files;

/** What became of a file. */
enum Outcome {
    /** Its rows were landed. */
    READ,
    /** Its content was taken before. */
    REPEATED,
    /** A newer file is the one that counts. */
    OLDER,
    /** It is in quarantine as a whole. */
    UNREADABLE
}
