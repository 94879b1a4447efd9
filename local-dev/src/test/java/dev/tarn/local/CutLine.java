package dev.tarn.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A line to a port of this machine that can be cut, and mended under the same port. */
final class CutLine implements AutoCloseable {

    private final int to;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private ServerSocket server;

    private CutLine(int to, ServerSocket server) {
        this.to = to;
        this.server = server;
        this.port = server.getLocalPort();
        listen(server);
    }

    static CutLine to(int port) throws IOException {
        return new CutLine(port, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    int port() {
        return port;
    }

    private void listen(ServerSocket listening) {
        start(() -> {
            while (true) {
                Socket in = listening.accept();
                Socket out = new Socket(InetAddress.getLoopbackAddress(), to);
                sockets.add(in);
                sockets.add(out);
                pass(in, out);
                pass(out, in);
            }
        });
    }

    private void pass(Socket from, Socket into) {
        start(() -> {
            try (from;
                    into;
                    InputStream bytes = from.getInputStream()) {
                bytes.transferTo(into.getOutputStream());
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException isCut) {
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    void cut() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    void mend() throws IOException {
        server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        listen(server);
    }

    @Override
    public void close() throws IOException {
        cut();
    }
}
