package dev.tarn.connect.files;

import dev.tarn.model.FileDrop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Looks through the bytes of a CSV file, in UTF-8, for what DuckDB would have to guess: names of columns, how lines end, how
 * many records there are.
 */
final class CsvScan {

    /** How lines end. */
    enum LineEnd {
        LF("\\n"),
        CRLF("\\r\\n"),
        CR("\\r");

        private final String name;

        LineEnd(String name) {
            this.name = name;
        }

        /** As DuckDB's setting has it. */
        String option() {
            return name;
        }
    }

    private enum State {
        FIELD,
        PLAIN,
        QUOTED,
        ESCAPED,
        BEHIND_QUOTE
    }

    private static final int NONE = -1;
    /** A header beyond this is none. */
    private static final int MOST_HEADER = 1 << 20;

    private final int separator;
    private final int quote;
    private final int escape;
    private final boolean header;
    private final boolean blankRows;
    private int skip;

    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private final List<String> first = new ArrayList<>();
    private final Set<LineEnd> lineEnds = EnumSet.noneOf(LineEnd.class);
    private State state = State.FIELD;
    private boolean carriage;
    private boolean blank = true;
    private boolean inFirst = true;
    private long captured;
    private int before;
    private long records;
    private long blanks;

    /** @param blankRows whether an empty line is a record where there is one column */
    CsvScan(FileDrop.Options options, boolean blankRows) {
        this.blankRows = blankRows;
        this.separator = options.separator().charAt(0);
        this.quote = options.quote().isEmpty() ? NONE : options.quote().charAt(0);
        this.escape = options.escape().isEmpty() ? NONE : options.escape().charAt(0);
        this.header = options.header();
        this.skip = options.skip();
    }

    void accept(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            accept(bytes[at]);
        }
    }

    private void accept(byte value) {
        if (carriage) {
            carriage = false;
            endLine(value == '\n' ? LineEnd.CRLF : LineEnd.CR);
            if (value == '\n') {
                return;
            }
        }
        boolean quoted = skip == 0 && (state == State.QUOTED || state == State.ESCAPED);
        if (!quoted && value == '\n') {
            endLine(LineEnd.LF);
        } else if (!quoted && value == '\r') {
            carriage = true;
        } else if (skip == 0) {
            blank = false;
            next(value);
        }
    }

    private void next(byte value) {
        switch (state) {
            case FIELD -> {
                if (value == quote) {
                    field.reset();
                    state = State.QUOTED;
                } else if (value == separator) {
                    endField();
                } else {
                    capture(value);
                    state = value == ' ' ? State.FIELD : State.PLAIN;
                }
            }
            case PLAIN -> {
                if (value == separator) {
                    endField();
                } else {
                    capture(value);
                }
            }
            case QUOTED -> {
                if (value == escape && escape != quote) {
                    state = State.ESCAPED;
                } else if (value == quote) {
                    state = State.BEHIND_QUOTE;
                } else {
                    capture(value);
                }
            }
            case ESCAPED -> {
                capture(value);
                state = State.QUOTED;
            }
            case BEHIND_QUOTE -> behindQuote(value);
        }
    }

    private void behindQuote(byte value) {
        if (value == separator) {
            endField();
        } else if (value == quote && escape == quote) {
            capture(value);
            state = State.QUOTED;
        } else if (value != ' ') {
            capture(value);
        }
    }

    private void capture(byte value) {
        if (inFirst && captured < MOST_HEADER) {
            captured++;
            field.write(value);
        }
    }

    private void endField() {
        if (inFirst) {
            first.add(field.toString(StandardCharsets.UTF_8));
            field.reset();
        }
        state = State.FIELD;
    }

    private void endLine(LineEnd end) {
        if (skip > 0) {
            skip--;
            return;
        }
        lineEnds.add(end);
        endRecord();
    }

    private void endRecord() {
        if (blank && inFirst) {
            before++;
        } else if (blank) {
            blanks++;
        } else {
            endField();
            records += inFirst && header ? 0 : 1;
            inFirst = false;
        }
        state = State.FIELD;
        blank = true;
    }

    /** To be called behind the last byte. */
    CsvShape end() {
        if (carriage) {
            endLine(LineEnd.CR);
        }
        if (!blank) {
            endRecord();
        }
        long rows = blankRows && first.size() == 1 ? records + blanks : records;
        return new CsvShape(first, Set.copyOf(lineEnds), before, rows);
    }
}
