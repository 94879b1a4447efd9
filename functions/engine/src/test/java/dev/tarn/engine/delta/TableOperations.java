package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/** The operations that random tests and races draw from. A new one is one line of {@link #KINDS}. */
final class TableOperations {

    private record Kind(int weight, Function<SplittableRandom, TableOperation> draw) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(4, random -> new Append(ModelTable.anyRows(random, random.nextInt(10)))),
            new Kind(1, random -> new GroupAppend(new Append(ModelTable.anyRows(random, random.nextInt(10))))),
            new Kind(1, TableOperations::wideAppend),
            new Kind(1, random -> new AddColumn(later(random))),
            new Kind(2, random -> new Optimize(new CompactionPolicy(4000 << random.nextInt(5), random.nextDouble()))),
            new Kind(1, random -> new VacuumAsUsual()),
            new Kind(10, ModelMerge::any),
            new Kind(4, random -> new Delete(ModelFilter.any(random))),
            new Kind(4, TableOperations::replaceWhere),
            new Kind(1, random -> new Delete(ModelFilter.all())),
            new Kind(1, random -> new Replace(ModelTable.anyRows(random, random.nextInt(20)))),
            new Kind(2, TableOperations::rework));

    private static final int WEIGHT = KINDS.stream().mapToInt(Kind::weight).sum();

    private TableOperations() {}

    /** The same one for the same random numbers. */
    static TableOperation any(SplittableRandom random) {
        int dice = random.nextInt(WEIGHT);
        for (Kind kind : KINDS) {
            dice -= kind.weight();
            if (dice < 0) {
                return kind.draw().apply(random);
            }
        }
        throw new IllegalStateException("more weight than kinds have together");
    }

    private static ModelColumn later(SplittableRandom random) {
        return ModelColumn.LATER.get(random.nextInt(ModelColumn.LATER.size()));
    }

    private static TableOperation wideAppend(SplittableRandom random) {
        List<ModelColumn> columns = new ArrayList<>(ModelColumn.FIRST);
        columns.add(later(random));
        List<Map<ModelColumn, Object>> rows = new ArrayList<>();
        for (int number = random.nextInt(5); number >= 0; number--) {
            rows.add(ModelTable.anyRow(random, columns));
        }
        return new WideAppend(columns, rows);
    }

    private static TableOperation replaceWhere(SplittableRandom random) {
        ModelFilter filter = ModelFilter.any(random);
        return new ReplaceWhere(filter, filter.anyRows(random, 15));
    }

    private static TableOperation rework(SplittableRandom random) {
        return new Rework(random.nextInt(7), ModelTable.anyRows(random, random.nextInt(3)));
    }

    private static String sql(TableSnapshot base, List<Map<ModelColumn, Object>> rows) {
        return ModelTable.sql(ModelTable.columnsOf(base), rows);
    }

    record Append(List<Map<ModelColumn, Object>> rows) implements TableOperation.Planned {
        @Override
        public TableChange plan(DeltaTable table, Session session, TableSnapshot base) {
            return table.append(session, base, sql(base, rows));
        }

        @Override
        public void apply(ModelTable model) {
            model.add(rows);
        }
    }

    record Delete(ModelFilter filter) implements TableOperation.Planned {
        @Override
        public TableChange plan(DeltaTable table, Session session, TableSnapshot base) {
            return table.delete(session, base, filter.sql());
        }

        @Override
        public void apply(ModelTable model) {
            model.setRows(without(model, filter));
        }
    }

    private static List<Map<ModelColumn, Object>> without(ModelTable model, ModelFilter filter) {
        return model.rows().stream().filter(filter.model().negate()).toList();
    }

    record ReplaceWhere(ModelFilter filter, List<Map<ModelColumn, Object>> rows) implements TableOperation.Planned {
        @Override
        public TableChange plan(DeltaTable table, Session session, TableSnapshot base) {
            return table.replaceWhere(session, base, filter.sql(), sql(base, rows));
        }

        @Override
        public void apply(ModelTable model) {
            model.setRows(without(model, filter));
            model.add(rows);
        }
    }

    record Replace(List<Map<ModelColumn, Object>> rows) implements TableOperation.Planned {
        @Override
        public TableChange plan(DeltaTable table, Session session, TableSnapshot base) {
            return table.replace(session, base, sql(base, rows));
        }

        @Override
        public void apply(ModelTable model) {
            model.setRows(rows);
        }
    }

    /** A replacement that is made of the table itself, so that little differs: one row in seven goes, some come. */
    record Rework(long rest, List<Map<ModelColumn, Object>> more) implements TableOperation.Planned {
        @Override
        public TableChange plan(DeltaTable table, Session session, TableSnapshot base) {
            return table.replace(
                    session,
                    base,
                    "SELECT * FROM " + base.scan(session) + " WHERE (id % 7 = " + rest + ") IS NOT TRUE UNION ALL "
                            + sql(base, more));
        }

        @Override
        public void apply(ModelTable model) {
            List<Map<ModelColumn, Object>> rows = new ArrayList<>(model.rows());
            rows.removeIf(row -> row.get(ModelColumn.ID) instanceof Long id && id % 7 == rest);
            rows.addAll(more);
            model.setRows(rows);
        }
    }

    /** An append that may bring a column. */
    record WideAppend(List<ModelColumn> columns, List<Map<ModelColumn, Object>> rows)
            implements TableOperation.Planned {
        @Override
        public TableChange plan(DeltaTable table, Session session, TableSnapshot base) {
            return table.append(session, base, ModelTable.sql(with(base, columns), rows), NewColumns.ADD);
        }

        @Override
        public void apply(ModelTable model) {
            model.addColumns(columns);
            model.add(rows);
        }
    }

    private static List<ModelColumn> with(TableSnapshot base, List<ModelColumn> more) {
        List<ModelColumn> columns = new ArrayList<>(ModelTable.columnsOf(base));
        more.stream().filter(column -> !columns.contains(column)).forEach(columns::add);
        return columns;
    }

    record AddColumn(ModelColumn column) implements TableOperation.Planned {
        @Override
        public TableChange plan(DeltaTable table, Session session, TableSnapshot base) {
            return table.addColumns(base, session.describe(ModelTable.sql(with(base, List.of(column)), List.of())));
        }

        @Override
        public void apply(ModelTable model) {
            model.addColumns(List.of(column));
        }
    }

    record Optimize(CompactionPolicy policy) implements TableOperation.Planned {
        @Override
        public TableChange plan(DeltaTable table, Session session, TableSnapshot base) {
            return table.optimize(session, base, policy);
        }

        @Override
        public void apply(ModelTable model) {}
    }

    /** An append through a group, be it of one. */
    record GroupAppend(Append append) implements TableOperation {
        @Override
        public Commit run(DeltaTable table, Session session, CommitRequest request) {
            GroupCommit group = table.groupCommit(Duration.ofMillis(1));
            Commit commit;
            do {
                commit = group.commit(
                        append.plan(table, session, table.snapshot().orElseThrow()), request);
            } while (commit instanceof Commit.Overtaken);
            return commit;
        }

        @Override
        public void apply(ModelTable model) {
            append.apply(model);
        }
    }

    /** What a test has just written is too young to be deleted, whether it is needed or not. */
    record VacuumAsUsual() implements TableOperation {
        @Override
        public Commit run(DeltaTable table, Session session, CommitRequest request) {
            table.vacuum(VacuumRequest.usual());
            return new Commit.AlreadyCommitted(table.snapshot().orElseThrow().version());
        }

        @Override
        public void apply(ModelTable model) {}

        @Override
        public boolean isCommit() {
            return false;
        }
    }
}
