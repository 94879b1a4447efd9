package dev.tarn.engine.delta;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The number of rows in a file's statistics, read without the rest of them: a table has many files. */
final class RecordCount {

    private static final Logger LOG = LoggerFactory.getLogger(RecordCount.class);

    private static final String FIELD = "numRecords";

    /** How every writer begins that is known. */
    private static final String BEGINNING = "{\"" + FIELD + "\":";

    /** Of a number that surely fits into a long. */
    private static final int MOST_DIGITS = 18;

    private static final JsonFactory JSON = new JsonFactory();

    private RecordCount() {}

    /** Empty when the statistics do not tell. */
    static OptionalLong of(String statistics) {
        if (statistics.startsWith(BEGINNING)) {
            int end = BEGINNING.length();
            long count = 0;
            while (end < statistics.length() && isDigit(statistics.charAt(end))) {
                count = 10 * count + statistics.charAt(end) - '0';
                end++;
            }
            int digits = end - BEGINNING.length();
            boolean whole = end < statistics.length() && ",}".indexOf(statistics.charAt(end)) >= 0;
            if (whole && digits > 0 && digits <= MOST_DIGITS) {
                return OptionalLong.of(count);
            }
        }
        return parsed(statistics);
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static OptionalLong parsed(String statistics) {
        try (JsonParser parser = JSON.createParser(statistics)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals(FIELD);
                if (parser.nextToken().isNumeric() && found) {
                    return OptionalLong.of(parser.getLongValue());
                }
                parser.skipChildren();
            }
            return OptionalLong.empty();
        } catch (IOException e) {
            LOG.debug("statistics that are no JSON tell nothing", e);
            return OptionalLong.empty();
        }
    }
}
