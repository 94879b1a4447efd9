package dev.tarn.connect.files.excel;

/** A workbook that cannot be read as a whole; the message says why, without a value. */
public final class UnreadableWorkbookException extends Exception {

    private static final long serialVersionUID = 1L;

    static final String NO_WORKBOOK = "it is no workbook of Excel (.xlsx)";
    static final String BROKEN_PACK = "its packed form is broken or ends too early";
    static final String BROKEN_XML = "its XML is broken or ends too early";

    public UnreadableWorkbookException(String reason) {
        super(reason);
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
