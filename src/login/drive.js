/** Runs a computation of the engine to its end, giving it what it wants from outside. */
export async function drive(engine, drivers) {
    let next = engine.next();
    while (!next.done) {
        const wanted = next.value;
        const answer = wanted.want === 'meta' ? drivers.meta(wanted) : drivers.bcrypt(wanted);
        next = engine.next(answer instanceof Promise ? await answer : answer);
    }
    return next.value;
}
