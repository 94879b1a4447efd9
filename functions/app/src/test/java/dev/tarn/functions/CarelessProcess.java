package dev.tarn.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.model.Layer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A process of the app that may be killed at any time. Takes events as lines {@code <number> <layer> <file>}, or
 * {@code <number> sweep}, says {@code ready} and answers each with {@code <number> done} or {@code <number> failed}, in the order in which they
 * end. Its arguments are the lake's address and a folder to work in.
 */
final class CarelessProcess {

    private static final int HANDLERS = 3;

    private final RunningApp app;
    private final PrintStream answers;

    private CarelessProcess(RunningApp app, PrintStream answers) {
        this.app = app;
        this.answers = answers;
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        // What the app prints is no answer.
        System.setOut(System.err);
        AppLake lake = new AppLake(Settings.of(arguments[0], Path.of(arguments[1])), System.getenv());
        CarelessProcess process = new CarelessProcess(new RunningApp(lake), answers);
        ExecutorService handlers = Executors.newFixedThreadPool(HANDLERS);
        answers.println("ready");
        BufferedReader events = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String event = events.readLine(); event != null; event = events.readLine()) {
            String[] words = event.split(" ");
            handlers.execute(() -> process.answer(words));
        }
        handlers.shutdown();
        lake.close();
        System.exit(0);
    }

    private void answer(String[] words) {
        String answer = "failed";
        try {
            handle(words);
            answer = "done";
        } catch (RuntimeException e) {
            e.printStackTrace();
        }
        // One line whole: others answer at the same time.
        answers.print(words[0] + " " + answer + "\n");
        answers.flush();
    }

    private void handle(String[] words) {
        byte[] unread = {};
        if (words[1].equals("sweep")) {
            new SweepFunction(app).run("{}", new Messages(), new Invocation());
            return;
        }
        switch (Layer.valueOf(words[1])) {
            case BRONZE -> new CleanseFunction(app).run(unread, words[2], new Messages(), new Invocation());
            case SILVER -> new AggregateFunction(app).run(unread, words[2], new Messages(), new Invocation());
            case GOLD -> new PublishFunction(app).run(unread, words[2], new Messages(), new Invocation());
            default -> throw new IllegalStateException("no function hears of " + words[1]);
        }
    }
}
