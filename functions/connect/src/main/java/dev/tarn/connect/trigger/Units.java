package dev.tarn.connect.trigger;

import dev.tarn.engine.delta.Correlation;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Plan;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Goes on with work that an invocation left, unit by unit. Units may come late, twice and at once with what the clock starts:
 * leases let one of them work, and what finds its lease held ends there. To lose a message costs time only, for the clock
 * starts the same work.
 */
public final class Units {

    private final RunningPlan running;
    private final SourceLooks sources;
    private final DropLooks drops;
    private final Maintenance maintenance;

    public Units(RunningPlan running, EnvironmentSecrets secrets) {
        Lake lake = running.lake();
        this.running = running;
        this.sources = new SourceLooks(lake, secrets);
        this.drops = new DropLooks(lake);
        this.maintenance = new Maintenance(lake);
    }

    /**
     * Messages for what an invocation left.
     *
     * @param correlation id of what caused the work
     */
    public List<String> messages(List<Unit> left, String correlation) {
        return left.stream()
                .map(unit -> UnitMessage.first(
                        unit, correlation, running.lake().clock().instant()))
                .map(UnitMessage::toJson)
                .toList();
    }

    /**
     * Does the unit of a message. A unit that fails is tried as often as an update is, then it is given up; what is no unit,
     * or one of something that the plan does not have, is given up at once. Others go on in either case.
     *
     * @param delivery how often the queue has handed the message over, this time included: where it did so before, that
     *     attempt ended without a word
     * @param enough once it says so, the rest is left to the next message
     * @param told hears sentences on what was done
     * @throws TarnException when there is no lake or no plan to work on, and when what failed may go away by itself; the
     *     message is to be handed over again, which counts as an attempt
     */
    public Passed resume(String text, int delivery, BooleanSupplier enough, Consumer<String> told) {
        Plan plan = running.plan();
        UnitMessage message;
        try {
            message = UnitMessage.parse(text).delivered(delivery);
            requireKnown(plan, message.unit());
        } catch (TarnException refusal) {
            return givenUp(text, refusal);
        }
        if (message.attempt() > plan.operation().attempts()) {
            return givenUp(text, unfinished(message.unit(), message.attempt() - 1));
        }
        return Correlation.during(message.correlation(), () -> {
            told.accept(message.unit() + ", attempt " + message.attempt() + ", asked for at " + message.asked());
            return attempt(plan, message, text, enough, told);
        });
    }

    private Passed attempt(Plan plan, UnitMessage message, String text, BooleanSupplier enough, Consumer<String> told) {
        int most = plan.operation().attempts();
        try {
            return Passed.on(run(plan, message.unit(), enough, told).stream()
                    .map(message::goesOn)
                    .toList());
        } catch (TarnException refusal) {
            return failed(message, most, refusal, text);
        } catch (RuntimeException mistake) {
            return failed(message, most, ofTarn(message.unit(), mistake), text);
        }
    }

    private Passed failed(UnitMessage message, int most, TarnException failure, String text) {
        if (message.attempt() >= most) {
            return givenUp(text, failure);
        }
        // Half a minute later the queue hands the message over again; one of our own would come at once.
        if (failure.code().retry() == ErrorCode.Retry.LATER) {
            throw failure;
        }
        return Passed.again(message.failed(failure.code()), failure);
    }

    private Passed givenUp(String text, TarnException failure) {
        Problem reason = failure.problems().get(0);
        return Passed.givenUp(
                new PoisonMessage(reason, text, running.lake().clock().instant()), failure);
    }

    private List<Unit> run(Plan plan, Unit unit, BooleanSupplier enough, Consumer<String> told) {
        return switch (unit.kind()) {
            case EXTRACT -> sources.look(plan, unit.name()::equals, enough, told);
            case FILES -> drops.look(plan, unit.name()::equals, enough, told);
            case MAINTAIN -> maintenance.goOn(plan, unit.name(), enough, told);
            case UPDATE -> {
                running.update(unit.name(), told);
                yield List.of();
            }
        };
    }

    private void requireKnown(Plan plan, Unit unit) {
        boolean known =
                switch (unit.kind()) {
                    case EXTRACT ->
                        plan.sources().stream().anyMatch(source -> source.name().equals(unit.name()));
                    case FILES ->
                        plan.drops().stream()
                                .anyMatch(drop -> drop.target().toString().equals(unit.name()));
                    case UPDATE ->
                        plan.flows().stream().anyMatch(flow -> flow.id().equals(unit.name()));
                    case MAINTAIN ->
                        Maintenance.tables(plan).stream()
                                .anyMatch(table -> table.toString().equals(unit.name()));
                };
        if (!known) {
            throw new TarnException(
                    ErrorCode.UNIT_INVALID,
                    "A message of the queue " + UnitMessage.QUEUE + " asks for the " + unit
                            + ", and the plan has no such " + unit.kind().named() + ".",
                    "Delete the message when the project was deployed without it meanwhile; else see who puts messages into"
                            + " this queue.");
        }
    }

    private static TarnException unfinished(Unit unit, int attempts) {
        return new TarnException(
                ErrorCode.UNIT_UNFINISHED,
                "The " + unit + " was begun " + attempts
                        + " times, and nobody told how it ended: the process ended within it,"
                        + " or the lake could not be opened.",
                "See the log of the app at these times; a process that ends without a word of its own was most likely out of"
                        + " memory.");
    }

    /** Of a mistake only its kind: its message may hold anything. */
    private static TarnException ofTarn(Unit unit, RuntimeException mistake) {
        if (mistake instanceof UncheckedIOException) {
            return new TarnException(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "The storage of the lake failed during the " + unit + ".",
                    "See in the log what it answered; the clock starts the work again.",
                    mistake);
        }
        return new TarnException(
                ErrorCode.UPDATE_FAILED,
                "A mistake in Tarn: " + mistake.getClass().getSimpleName() + ".",
                "Report it with what the log says.",
                mistake);
    }
}
