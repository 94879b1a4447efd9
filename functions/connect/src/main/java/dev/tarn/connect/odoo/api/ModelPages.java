package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of one model, page by page: those without a date, then by date and id. Odoo tells dates to the second only and
 * many records share one, so a page that ends within a second gives that second up and reads it by id. A record that is
 * written while it is read may come twice, the later state last.
 */
final class ModelPages {

    private static final String BY_DATE = "write_date asc, id asc";
    private static final String BY_ID = "id asc";

    private final OdooRecords records;
    private final String model;
    private final List<String> fields;
    private final boolean dated;
    private final PageSize size = new PageSize();
    private PagePlace place;

    /** @param dated whether the model has dates; all records of one that has none are read by id */
    ModelPages(OdooRecords records, String model, List<String> fields, boolean dated, PagePlace place) {
        this.records = records;
        this.model = model;
        this.fields = List.copyOf(fields);
        this.dated = dated;
        this.place = place;
    }

    /** Where the next page begins. */
    PagePlace place() {
        return place;
    }

    /** The next records; none at the end only. */
    List<ObjectNode> next() {
        while (!place.isDone()) {
            List<ObjectNode> page = step();
            if (!page.isEmpty()) {
                return page;
            }
        }
        return List.of();
    }

    private List<ObjectNode> step() {
        switch (place.part()) {
            case LATE:
                place = place.undated();
                return List.of();
            case UNDATED:
                return dated
                        ? byId(Domains.undated(place.id()), place.byDate(place.second()))
                        : byId(Domains.idsAbove(place.id()), place.done());
            case WITHIN_SECOND:
                Instant next = second().plusSeconds(1);
                ArrayNode rest = Domains.and(Domains.written(second(), next), Domains.ID, ">", place.id());
                return byId(rest, place.byDate(next));
            default:
                return byDate();
        }
    }

    private Instant second() {
        if (place.second() == null) {
            throw new IllegalStateException("no second to read");
        }
        return place.second();
    }

    private List<ObjectNode> byId(ArrayNode domain, PagePlace afterwards) {
        List<ObjectNode> page = read(domain, BY_ID);
        place = isAll(page, domain)
                ? afterwards
                : place.after(last(page).path(Domains.ID).longValue());
        return page;
    }

    private List<ObjectNode> byDate() {
        ArrayNode domain = Domains.written(place.second(), place.end());
        List<ObjectNode> page = read(domain, BY_DATE);
        if (isAll(page, domain)) {
            place = place.done();
            return page;
        }
        Instant open = secondOf(last(page));
        place = place.within(open);
        return page.stream().filter(record -> !secondOf(record).equals(open)).toList();
    }

    private static ObjectNode last(List<ObjectNode> page) {
        return page.get(page.size() - 1);
    }

    private Instant secondOf(ObjectNode record) {
        return ApiValues.second(record.path(Domains.WRITE_DATE).asText())
                .orElseThrow(() -> records.api().refusals().unexpected("search_read of " + model));
    }

    /** A page that is not full is the last one, unless the server gives less than it was asked for. */
    private boolean isAll(List<ObjectNode> page, ArrayNode domain) {
        if (page.isEmpty()) {
            return true;
        }
        if (page.size() >= size.asked()) {
            return false;
        }
        if (records.count(model, domain) <= page.size()) {
            return true;
        }
        size.capped(page.size());
        return false;
    }

    private List<ObjectNode> read(ArrayNode domain, String order) {
        return read(records, model, fields, size, domain, order);
    }

    /** One page, as large as it can be. */
    static List<ObjectNode> read(
            OdooRecords records, String model, List<String> fields, PageSize size, ArrayNode domain, String order) {
        @Nullable TarnException tooMuch = null;
        do {
            try {
                Instant begun = records.api().patience().clock().instant();
                List<ObjectNode> page = records.page(model, fields, domain, order, size.ask());
                size.came(
                        Duration.between(begun, records.api().patience().clock().instant()));
                return page;
            } catch (TooMuchException e) {
                tooMuch = e.refusal();
            }
        } while (size.wasTooMuch());
        throw tooMuch;
    }
}
