package dev.tarn.compiler.query;

import dev.tarn.compiler.grammar.Texts;
import dev.tarn.model.DataType;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedQueryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryOrganizationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryPrimaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryPrimaryDefaultContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryTermContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryTermDefaultContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RegularQuerySpecificationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetOperationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SubqueryContext;

/** Binds queries: WITH, UNION ALL and what they are made of. The WITH queries in sight belong to one binder. */
public final class QueryBinder {

    private final Site site;
    private final Reading reading;
    private final Map<String, WithQueries.View> inSight;

    QueryBinder(Site site, Reading reading) {
        this(site, reading, Map.of());
    }

    private QueryBinder(Site site, Reading reading, Map<String, WithQueries.View> inSight) {
        this.site = site;
        this.reading = reading;
        this.inSight = new HashMap<>(inSight);
    }

    Reading reading() {
        return reading;
    }

    /** A query inside this one: it sees the same WITH queries, and its own are its own. */
    BoundQuery inner(QueryContext query) {
        return new QueryBinder(site, reading, inSight).bind(query);
    }

    /** The WITH query or temporary view of that name. */
    Optional<WithQueries.View> view(String name, SourcePosition position) {
        WithQueries.View view = inSight.get(name.toLowerCase(Locale.ROOT));
        return view != null
                ? Optional.of(view)
                : reading.tables().view(name).map(statement -> reading.view(statement, position));
    }

    /** The view that is named as a table would be. */
    Optional<WithQueries.View> view(TableName name, SourcePosition position) {
        return reading.tables().view(name, position).map(statement -> reading.view(statement, position));
    }

    BoundQuery bind(QueryContext query) {
        if (query.ctes() != null) {
            if (query.ctes().RECURSIVE() != null) {
                throw site.unsupported(query.ctes(), "WITH RECURSIVE", "Write the levels one by one.");
            }
            query.ctes().namedQuery().forEach(this::define);
        }
        refuseOrder(query.queryOrganization());
        return term(query.queryTerm());
    }

    private void define(NamedQueryContext named) {
        if (named.columnAliases != null || named.integerValue() != null) {
            throw site.unsupported(named, "A WITH query with a column list", "Rename the columns in its SELECT.");
        }
        String name = Texts.name(named.name);
        inSight.put(name.toLowerCase(Locale.ROOT), reading.views().add(name, inner(named.query())));
    }

    private void refuseOrder(QueryOrganizationContext organization) {
        if (organization.getChildCount() > 0) {
            Token word = organization.getStart();
            throw site.unsupported(
                    organization,
                    word.getText().toUpperCase(Locale.ROOT) + " of a query",
                    "A table has no order; use row_number() OVER (ORDER BY ...) and QUALIFY to choose rows.");
        }
    }

    private BoundQuery term(QueryTermContext term) {
        if (term instanceof QueryTermDefaultContext plain) {
            return primary(plain.queryPrimary());
        }
        if (term instanceof SetOperationContext set) {
            boolean all = set.setQuantifier() != null && set.setQuantifier().ALL() != null;
            if (set.operator.getType() != SqlBaseParser.UNION || !all) {
                throw site.unsupported(
                        set,
                        set.operator.getText().toUpperCase(Locale.ROOT) + (all ? " ALL" : " of distinct rows"),
                        "Use UNION ALL, and SELECT DISTINCT where rows must differ.");
            }
            return union(set, term(set.left), term(set.right));
        }
        throw site.unsupported(term, "'" + Site.shown(term) + "'", "Write a plain SELECT.");
    }

    private BoundQuery primary(QueryPrimaryContext primary) {
        if (primary instanceof SubqueryContext subquery) {
            return inner(subquery.query());
        }
        if (primary instanceof QueryPrimaryDefaultContext plain
                && plain.querySpecification() instanceof RegularQuerySpecificationContext select) {
            return new SelectBinder(site, this).bind(select);
        }
        throw site.unsupported(primary, "'" + Site.shown(primary) + "'", "Write a plain SELECT.");
    }

    /** Spark names the columns after the left side and brings each pair to one type. */
    private BoundQuery union(ParserRuleContext context, BoundQuery left, BoundQuery right) {
        if (left.columns().size() != right.columns().size()) {
            throw site.mismatch(
                    context,
                    "UNION ALL of " + left.columns().size() + " and "
                            + right.columns().size() + " columns.",
                    "Select the same columns on both sides.");
        }
        List<ResultColumn> columns = new ArrayList<>();
        for (int i = 0; i < left.columns().size(); i++) {
            ResultColumn a = left.columns().get(i);
            ResultColumn b = right.columns().get(i);
            DataType type = Coercion.common(a.type(), b.type())
                    .orElseThrow(() -> site.mismatch(
                            context,
                            "UNION ALL of " + a.name() + " (" + a.type() + ") and " + b.name() + " (" + b.type() + ").",
                            "Bring both to one type with CAST."));
            columns.add(new ResultColumn(
                    a.name(), type, a.position(), a.origins().equals(b.origins()) ? a.origins() : Set.of()));
        }
        if (left.streaming() != right.streaming()) {
            throw site.unsupported(context, "UNION ALL of a stream and a table", "Read both as streams.");
        }
        String sql = side(left, columns) + "\nUNION ALL\n" + side(right, columns);
        return new BoundQuery(sql, columns, left.streaming());
    }

    private static String side(BoundQuery query, List<ResultColumn> columns) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            items.add(Coercion.cast(
                            Sql.identifier(query.columns().get(i).name()),
                            columns.get(i).type()) + " AS "
                    + Sql.identifier(columns.get(i).name()));
        }
        return "SELECT " + String.join(", ", items) + " FROM (" + query.sql() + ") AS \"side\"";
    }
}
