package dev.tarn.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The process. Takes requests as lines from its standard input and answers each with a line on its standard output; fields
 * are parted by tabs, values are in Base64.
 *
 * <ul>
 *   <li>{@code load <function> <jar> <entry point> <binding>=<data type> ...}
 *   <li>{@code invoke <function> <input or metadata>=<value> ...}
 * </ul>
 *
 * The answer is {@code done}, for a request over HTTP {@code done <status and body as value>}, for
 * one with outputs {@code done <name and text of each, a line each, as value>}, or {@code failed <value>}. Its only argument is the jar of the annotation library.
 */
public final class FunctionWorker {

    private FunctionWorker() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        // What the app prints is no answer.
        System.setOut(System.err);
        FunctionBroker broker = new FunctionBroker(Path.of(arguments[0]));
        answers.println("started");
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String request = requests.readLine(); request != null; request = requests.readLine()) {
            answers.println(answer(broker, List.of(request.split("\t"))));
        }
        // As the worker ends, whatever threads the app has.
        System.exit(0);
    }

    private static String answer(FunctionBroker broker, List<String> request) {
        try {
            String function = request.get(1);
            if (request.get(0).equals("load")) {
                broker.load(
                        function, Path.of(request.get(2)), request.get(3), pairs(request.subList(4, request.size())));
            } else {
                Object answer = broker.invoke(function, values(pairs(request.subList(2, request.size()))));
                if (answer instanceof Response response) {
                    return "done\t" + encoded(response.getStatusCode() + " " + response.body());
                }
                if (answer instanceof String outputs && !outputs.isEmpty()) {
                    return "done\t" + encoded(outputs);
                }
            }
            return "done";
        } catch (InvocationTargetException e) {
            return failed(e.getCause());
        } catch (Exception | LinkageError e) {
            return failed(e);
        }
    }

    private static String failed(Throwable failure) {
        failure.printStackTrace();
        return "failed\t" + encoded(failure.toString());
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static Map<String, String> pairs(List<String> fields) {
        return fields.stream()
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    private static Map<String, byte[]> values(Map<String, String> encoded) {
        return encoded.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, value -> Base64.getDecoder()
                .decode(value.getValue())));
    }
}
