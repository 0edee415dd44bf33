/** Tests against a real engine where one is there, and against a double for what it cannot do. */
@NullMarked
package dev.openmemory.backup.docker.internal.engine;

import org.jspecify.annotations.NullMarked;
