package dev.tarn.compiler.grammar;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/** Shows the lexer capital letters only, as Spark does, and keeps the text as it was written. */
final class UpperCaseStream implements CharStream {

    private final CharStream text;

    UpperCaseStream(String text) {
        this.text = CharStreams.fromString(text);
    }

    @Override
    public int LA(int i) {
        int letter = text.LA(i);
        return letter <= 0 || letter == IntStream.EOF ? letter : Character.toUpperCase(letter);
    }

    @Override
    public String getText(Interval interval) {
        return text.size() > 0 && interval.b >= interval.a ? text.getText(interval) : "";
    }

    @Override
    public void consume() {
        text.consume();
    }

    @Override
    public int mark() {
        return text.mark();
    }

    @Override
    public void release(int marker) {
        text.release(marker);
    }

    @Override
    public int index() {
        return text.index();
    }

    @Override
    public void seek(int index) {
        text.seek(index);
    }

    @Override
    public int size() {
        return text.size();
    }

    @Override
    public String getSourceName() {
        return text.getSourceName();
    }
}
